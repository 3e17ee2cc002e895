//! `composure`: reads the arguments and says how it went.

use std::io::{self, IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{CommandFactory as _, Parser, Subcommand, ValueEnum};
use composure_cli::audit::Audit;
use composure_cli::judge::{Judge, Origins};
use composure_cli::output::{self, Style};
use composure_cli::packs::{Packs, Report};
use composure_cli::readers::Readers;
use composure_cli::run::{Run, tell};
use composure_engine::{Settings, Severity, rules};

/// Finds the words in a reply that will make an upset customer angrier.
#[derive(Parser)]
#[command(name = "composure", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Reviews drafts: texts, mails, whole mailboxes, or JSON line by line.
    #[command(after_help = EXIT_CODES)]
    Review(ReviewArguments),
    /// Writes what is found in many replies as tables, with a report of it by week, rule and agent.
    #[command(after_help = AUDIT_HELP)]
    Audit(AuditArguments),
    /// Lists what is looked for.
    Rules {
        /// How to print.
        #[arg(long, value_enum, default_value_t = PlainFormat::Text)]
        format: PlainFormat,
    },
    /// A team's own phrases, snippets and terms, in a file: see docs/packs.md.
    Pack {
        #[command(subcommand)]
        command: PackCommand,
    },
    /// Prints completions for a shell, to be sourced by it.
    Completions {
        /// Which shell.
        shell: clap_complete::Shell,
    },
}

#[derive(Subcommand)]
enum PackCommand {
    /// Tells everything that is wrong with packs, runs their examples, and reviews the texts they insert.
    #[command(after_help = "Exit codes: 0 all can be used, 1 one has a mistake, 2 one could not be read.")]
    Check {
        /// Packs.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// How to print.
        #[arg(long, value_enum, default_value_t = PlainFormat::Text)]
        format: PlainFormat,
        /// When to colour.
        #[arg(long, value_enum, default_value_t = When::Auto)]
        color: When,
    },
    /// Prints the JSON Schema of a pack, for editors.
    Schema,
}

const EXIT_CODES: &str = "\
Exit codes: 0 nothing of --fail-on or worse was found, 1 something was, 2 the arguments are wrong or something could \
not be read (the rest is reviewed all the same).

--format jsonl without files reads one object a line from standard input,
  {\"id\": …, \"draft\": \"…\", \"thread\": [{\"from\": \"customer\" or \"me\", \"text\": \"…\"}]}
and writes one a line, in that order, with the id as it was written; a message may have \"sent\" (RFC 3339 or seconds since \
1970; anything else is as if it were not said). Spans are UTF-8 bytes of the draft, or, of requests, of the customer's last message.";

const AUDIT_HELP: &str = "\
--out DIR gets replies.csv and replies.parquet (a row a reply), findings.csv and findings.parquet (a row a finding) and \
report.html, which needs no network. --rows prints a line of JSON a reply instead, for engines that spread lines over \
machines: see docs/audit.md.

A line of .jsonl is as in `composure review --help`, with \"agent\" and \"date\" (2026-11-23, RFC 3339 or seconds since \
1970) where they are known.

Exit codes: 0 all was read, 2 the arguments are wrong or something could not be read (the rest is in the tables).";

#[derive(clap::Args)]
struct AuditArguments {
    /// Mails (.eml), mailboxes (.mbox), lines of JSON (.jsonl), texts; none for lines of JSON on standard input.
    files: Vec<PathBuf>,
    /// The folder for tables and report; what is there under their names is replaced.
    #[arg(long, value_name = "DIR", required_unless_present = "rows")]
    out: Option<PathBuf>,
    /// Print a line of JSON a reply.
    #[arg(long, conflicts_with = "out")]
    rows: bool,
    /// The header of a mail, or the field of a line, that names the agent [default: the sender, or `agent`].
    #[arg(long, value_name = "NAME")]
    agent_from: Option<String>,
    /// In an .mbox, only mails from here, each as the answer to the last mail of somebody else in its conversation.
    /// `@shop.example` is everybody there; may be repeated.
    #[arg(long, value_name = "ADDRESS")]
    mine: Vec<String>,
    /// Let the learned reader read too: its file, `reader/reader.safetensors` of the extension. Ten times as slow.
    #[arg(long, value_name = "FILE")]
    reader: Option<PathBuf>,
    /// Look for a team's own phrases as well: its pack; may be repeated.
    #[arg(long, value_name = "FILE")]
    pack: Vec<PathBuf>,
}

#[derive(clap::Args)]
struct ReviewArguments {
    /// Texts, .eml (each a draft), .mbox (each message a draft) and .jsonl (each line, as below); `-` is a text on standard input.
    files: Vec<PathBuf>,
    /// What the customer wrote: a text, .eml, .mbox (--mine tells who is who) or .json (an array as in jsonl).
    #[arg(long, value_name = "FILE")]
    thread: Option<PathBuf>,
    /// In an .mbox, review only mails from here, each as the answer to the last mail of somebody else in its
    /// conversation. `@shop.example` is everybody there; may be repeated.
    #[arg(long, value_name = "ADDRESS")]
    mine: Vec<String>,
    /// How to print.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// When to colour.
    #[arg(long, value_enum, default_value_t = When::Auto)]
    color: When,
    /// From which severity on the exit code is 1.
    #[arg(long, value_enum, default_value_t = FailOn::Serious, value_name = "SEVERITY")]
    fail_on: FailOn,
    /// Let the learned reader read too: its file, `reader/reader.safetensors` of the extension. Ten times as slow.
    #[arg(long, value_name = "FILE")]
    reader: Option<PathBuf>,
    /// Judge every checklist item met or unmet, whether or not it fits the conversation.
    #[arg(long)]
    assess: bool,
    /// Look for a team's own phrases as well: its pack; may be repeated.
    #[arg(long, value_name = "FILE")]
    pack: Vec<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Format {
    Text,
    Json,
    Jsonl,
    Sarif,
}

#[derive(Clone, Copy, ValueEnum)]
enum PlainFormat {
    Text,
    Json,
}

#[derive(Clone, Copy, ValueEnum)]
enum When {
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy, ValueEnum)]
enum FailOn {
    Hint,
    Warning,
    Serious,
    Never,
}

/// Wrong arguments and what cannot be read.
const UNREADABLE: u8 = 2;

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Review(arguments) => review(arguments),
        Command::Rules { format } => print_rules(format),
        Command::Audit(arguments) => audit(arguments),
        Command::Pack { command: PackCommand::Check { files, format, color } } => check_packs(&files, format, color),
        Command::Pack { command: PackCommand::Schema } => {
            write!(io::stdout(), "{}", composure_packs::schema()).map(|()| ExitCode::SUCCESS).map_err(Into::into)
        }
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Arguments::command(), "composure", &mut io::stdout());
            Ok(ExitCode::SUCCESS)
        }
    };
    done.unwrap_or_else(|error| {
        let _ = writeln!(io::stderr(), "composure: {error:#}");
        ExitCode::from(UNREADABLE)
    })
}

fn review(arguments: ReviewArguments) -> Result<ExitCode> {
    let ReviewArguments { files, thread, mine, format, color, fail_on, reader, assess, pack } = arguments;
    if files.is_empty() && format != Format::Jsonl {
        Arguments::command()
            .error(
                clap::error::ErrorKind::MissingRequiredArgument,
                "FILES are missing; only --format jsonl reads lines",
            )
            .exit();
    }
    let conversation = match thread {
        Some(file) => composure_cli::input::thread(&file, &mine)?,
        None => Default::default(),
    };
    let (packs, settings) = Packs::open(&pack)?;
    let settings = Settings { assess, ..settings };
    let readers = reader.as_deref().map(Readers::open).transpose()?;
    let judge = Judge { settings, conversation, mine, readers, packs, origins: None };
    let tally = Run { files, judge, format: format.into(), style: style(color) }.run()?;
    let threshold = match fail_on {
        FailOn::Hint => Some(Severity::Hint),
        FailOn::Warning => Some(Severity::Warning),
        FailOn::Serious => Some(Severity::Serious),
        FailOn::Never => None,
    };
    Ok(if tally.failed > 0 {
        ExitCode::from(UNREADABLE)
    } else if threshold.is_some_and(|threshold| tally.worst >= Some(threshold)) {
        ExitCode::from(1)
    } else {
        ExitCode::SUCCESS
    })
}

fn audit(arguments: AuditArguments) -> Result<ExitCode> {
    let AuditArguments { files, out, rows: _, agent_from, mine, reader, pack } = arguments;
    let (packs, settings) = Packs::open(&pack)?;
    let judge = Judge {
        settings,
        mine,
        readers: reader.as_deref().map(Readers::open).transpose()?,
        packs,
        origins: Some(Origins { agent_from }),
        ..Judge::default()
    };
    let audit = Audit { files, judge, out };
    let summary = audit.run()?;
    if let Some(folder) = &audit.out {
        writeln!(io::stdout(), "{}; see {}", summary.line(), folder.join("report.html").display())?;
    }
    Ok(ExitCode::from(if summary.unread > 0 { UNREADABLE } else { 0 }))
}

impl From<Format> for output::Format {
    fn from(format: Format) -> output::Format {
        match format {
            Format::Text => output::Format::Text,
            Format::Json => output::Format::Json,
            Format::Jsonl => output::Format::Jsonl,
            Format::Sarif => output::Format::Sarif,
        }
    }
}

fn style(color: When) -> Style {
    let terminal = io::stdout().is_terminal();
    let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
        && std::env::var_os("TERM").is_none_or(|term| term != "dumb");
    let color = match color {
        When::Auto => terminal && wanted,
        When::Always => true,
        When::Never => false,
    };
    let width = console::Term::stdout().size_checked().filter(|_| terminal).map_or(100, |(_, columns)| columns.into());
    Style { color, width }
}

fn check_packs(files: &[PathBuf], format: PlainFormat, color: When) -> Result<ExitCode> {
    let style = style(color);
    let mut out = io::stdout().lock();
    let mut code = 0;
    let mut reports = Vec::new();
    for file in files {
        match Report::of(file) {
            Ok(report) => {
                code = code.max(u8::from(!report.is_sound()));
                match format {
                    PlainFormat::Text => write!(out, "{}", report.text(style))?,
                    PlainFormat::Json => reports.push(report.json()),
                }
            }
            Err(error) => {
                code = UNREADABLE;
                tell(&format!("{error:#}"));
            }
        }
    }
    if matches!(format, PlainFormat::Json) {
        writeln!(out, "{:#}", serde_json::Value::Array(reports))?;
    }
    Ok(ExitCode::from(code))
}

fn print_rules(format: PlainFormat) -> Result<ExitCode> {
    let mut out = io::stdout().lock();
    match format {
        PlainFormat::Text => {
            for rule in rules() {
                writeln!(out, "{:20} {:8} {}", rule.id, output::severity(rule.severity), rule.what)?;
            }
        }
        PlainFormat::Json => {
            let rule = |rule: &composure_engine::Rule| {
                serde_json::json!({"id": rule.id, "severity": output::severity(rule.severity), "what": rule.what,
                    "why": rule.why, "instead": rule.instead})
            };
            writeln!(out, "{:#}", rules().iter().map(rule).collect::<serde_json::Value>())?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

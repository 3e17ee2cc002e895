//! The report: one HTML file that asks nothing of a network, in light or dark, with every chart as a table beside it.

use composure_engine::{Severity, checklist};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{Group, HOT, RuleCount, Summary, percent};
use crate::mail;

const STYLE: &str = include_str!("report.css");
/// Width of charts, in the units of their view boxes.
const WIDTH: f64 = 760.0;
/// More agents than this are for a spreadsheet.
const AGENTS: usize = 200;
/// Agents with fewer replies than this come after the others.
const FEW: u64 = 5;
/// More bars than this are no picture.
const BARS: usize = 25;

/// The whole file.
pub fn html(summary: &Summary) -> String {
    let mut agents: Vec<(&str, &Group)> = summary.agents.iter().map(|(agent, group)| (named(agent), group)).collect();
    // What a few replies say of somebody is chance.
    let few = |group: &Group| group.replies < FEW;
    agents.sort_by(|(one, a), (other, b)| {
        few(a).cmp(&few(b)).then(b.mean_heat().total_cmp(&a.mean_heat())).then(one.cmp(other))
    });
    let mut rules: Vec<&RuleCount> = summary.rules.values().collect();
    rules.sort_by_key(|count| (std::cmp::Reverse(count.findings), count.rule.id));
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'";
                meta name="color-scheme" content="light dark";
                title { "How our replies read" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                main {
                    h1 { "How our replies read" }
                    p { (period(summary)) }
                    (numbers(summary))
                    @if !summary.weeks.is_empty() { (weeks(summary)) }
                    @if !rules.is_empty() { (findings(&rules)) }
                    (by_agent(&agents))
                    (items(summary))
                    @if !summary.hottest.is_empty() { (hottest(summary)) }
                    footer {
                        p {
                            "Heat is 0 (calm and kind) to 100; from " (HOT) " on a reply is hot. It judges words, not people: "
                            "a program can mishear, and a hard week shows in anybody's mail. Read the replies before you "
                            "talk about them. Each is a row of replies.csv and replies.parquet, each finding one of "
                            "findings.csv and findings.parquet."
                        }
                    }
                }
            }
        }
    };
    page.into_string()
}

fn named(agent: &str) -> &str {
    if agent.is_empty() { "(not named)" } else { agent }
}

fn day(days: i64) -> String {
    mail::date(days * 86_400).chars().take(10).collect()
}

fn period(summary: &Summary) -> String {
    let weeks = summary.weeks.keys().next().zip(summary.weeks.keys().next_back());
    let mut text = match weeks {
        Some((first, last)) if first == last => format!("The week of {}.", day(*first)),
        Some((first, last)) => format!("From the week of {} to that of {}.", day(*first), day(*last)),
        None => "Without dates.".to_owned(),
    };
    if summary.undated > 0 && weeks.is_some() {
        text.push_str(&format!(" {} more have no date.", summary.undated));
    }
    if summary.unread > 0 {
        text.push_str(&format!(" {} could not be read.", summary.unread));
    }
    text
}

fn numbers(summary: &Summary) -> Markup {
    let all = &summary.all;
    let answered = percent(all.requests - all.unanswered, all.requests);
    html! {
        dl class="numbers" {
            div { dt { "Replies" } dd { (all.replies) } }
            div { dt { "Mean heat" } dd { (format!("{:.0}", all.mean_heat())) } }
            div { dt { "Hot replies" } dd { (all.hot) } }
            div { dt { "Findings" } dd { (all.findings) } }
            div { dt { "Serious ones" } dd { (all.serious) } }
            @if all.requests > 0 { div { dt { "Requests answered" } dd { (format!("{answered:.0} %")) } } }
        }
    }
}

/// A picture, and the same in words.
fn figure(id: &str, title: &str, about: &str, height: f64, picture: &Markup, table: &Markup) -> Markup {
    html! {
        section aria-labelledby={ (id) "-heading" } {
            h2 id={ (id) "-heading" } { (title) }
            svg viewBox=(format!("0 0 {WIDTH} {height}")) role="img" aria-labelledby={ (id) "-title " (id) "-about" } {
                title id={ (id) "-title" } { (title) }
                desc id={ (id) "-about" } { (about) }
                (picture)
            }
            details {
                summary { "As a table" }
                div class="wide" tabindex="0" role="region" aria-label={ (title) ", as a table" } { (table) }
            }
        }
    }
}

fn weeks(summary: &Summary) -> Markup {
    const TOP: f64 = 12.0;
    const LEFT: f64 = 40.0;
    const HEIGHT: f64 = 200.0;
    let first = summary.weeks.keys().next().copied().unwrap_or(0);
    let last = summary.weeks.keys().next_back().copied().unwrap_or(0);
    let x = |week: i64| LEFT + (WIDTH - LEFT - 12.0) * (week - first) as f64 / (last - first).max(7) as f64;
    let y = |value: f64| TOP + HEIGHT - value * HEIGHT / 100.0;
    let line = |of: fn(&Group) -> f64| {
        let points = summary.weeks.iter().map(|(week, group)| format!("{:.1},{:.1}", x(*week), y(of(group))));
        points.collect::<Vec<_>>().join(" ")
    };
    let picture = html! {
        @for value in [0.0, 20.0, 40.0, 60.0, 80.0, 100.0] {
            line class="grid" x1=(LEFT) x2=(WIDTH) y1=(y(value)) y2=(y(value)) {}
            text class="end" x=(LEFT - 8.0) y=(y(value) + 4.0) { (value) }
        }
        @for (class, of) in [("heat", Group::mean_heat as fn(&Group) -> f64), ("hot", Group::hot_share)] {
            polyline class=(class) points=(line(of)) {}
            @for (week, group) in &summary.weeks {
                circle class=(class) cx=(format!("{:.1}", x(*week))) cy=(format!("{:.1}", y(of(group)))) r="3" {
                    title { (day(*week)) ": mean heat " (format!("{:.0}", group.mean_heat())) ", " (group.hot) " of " (group.replies) " hot" }
                }
            }
        }
        text x=(LEFT) y=(TOP + HEIGHT + 20.0) { (day(first)) }
        @if last > first { text class="end" x=(WIDTH) y=(TOP + HEIGHT + 20.0) { (day(last)) } }
        text class="middle" x=(WIDTH / 2.0) y=(TOP + HEIGHT + 20.0) {
            tspan class="heat" { "— mean heat" } "\u{a0}\u{a0}\u{a0} " tspan class="hot" { "- - hot replies, in percent" }
        }
    };
    let table = html! {
        table {
            thead { tr { th scope="col" { "Week of" } (group_heads()) } }
            tbody { @for (week, group) in &summary.weeks { tr { th scope="row" { (day(*week)) } (group_cells(group)) } } }
        }
    };
    let about = format!(
        "{} weeks, from {} to {}. Mean heat over all is {:.0} of 100; {:.0} percent of the replies are hot.",
        summary.weeks.len(),
        day(first),
        day(last),
        summary.all.mean_heat(),
        summary.all.hot_share()
    );
    figure("weeks", "Heat over weeks", &about, TOP + HEIGHT + 28.0, &picture, &table)
}

fn group_heads() -> Markup {
    html! {
        @for head in ["Replies", "Mean heat", "Hot", "Findings", "Serious", "Requests", "Not answered"] { th scope="col" { (head) } }
    }
}

fn group_cells(group: &Group) -> Markup {
    html! {
        td { (group.replies) }
        td { (format!("{:.1}", group.mean_heat())) }
        @for count in [group.hot, group.findings, group.serious, group.requests, group.unanswered] { td { (count) } }
    }
}

/// One bar of a chart: what it is called, how it is drawn, its value, and that in words.
struct Bar {
    label: String,
    class: &'static str,
    value: f64,
    words: String,
}

/// Bars, one under the other; gives how high they are.
fn bars(bars: &[Bar], most: f64) -> (Markup, f64) {
    const LEFT: f64 = 220.0;
    const STEP: f64 = 24.0;
    let room = WIDTH - LEFT - 120.0;
    let picture = html! {
        @for (place, bar) in bars.iter().enumerate() {
            @let y = place as f64 * STEP;
            @let width = room * bar.value / most.max(1.0);
            text class="end" x=(LEFT - 10.0) y=(y + 16.0) { (shortened(&bar.label)) }
            rect class=(bar.class) x=(LEFT) y=(y + 4.0) width=(format!("{width:.1}")) height=(STEP - 8.0) rx="3" {
                title { (bar.label) ": " (bar.words) }
            }
            text x=(format!("{:.1}", LEFT + width + 8.0)) y=(y + 16.0) { (bar.words) }
        }
    };
    (picture, bars.len() as f64 * STEP)
}

/// As much as there is room for.
fn shortened(label: &str) -> String {
    match label.char_indices().nth(28) {
        Some((end, _)) => format!("{}…", label.get(..end).unwrap_or_default().trim_end()),
        None => label.to_owned(),
    }
}

fn findings(rules: &[&RuleCount]) -> Markup {
    let class = |rule: &composure_engine::Rule| match rule.severity {
        Severity::Hint => "hint",
        Severity::Warning => "warning",
        Severity::Serious => "serious",
    };
    let shown: Vec<Bar> = rules
        .iter()
        .take(BARS)
        .map(|count| Bar {
            label: count.rule.id.to_owned(),
            class: class(count.rule),
            value: count.findings as f64,
            words: count.findings.to_string(),
        })
        .collect();
    let most = rules.first().map_or(0.0, |count| count.findings as f64);
    let (picture, height) = bars(&shown, most);
    let table = html! {
        table {
            thead { tr { @for head in ["Rule", "Severity", "Findings", "Replies", "What it is"] { th scope="col" { (head) } } } }
            tbody {
                @for count in rules {
                    tr {
                        th scope="row" { (count.rule.id) }
                        td { (class(count.rule)) } td { (count.findings) } td { (count.replies) }
                        td class="words" { (count.rule.what) " " (count.rule.instead) }
                    }
                }
            }
        }
    };
    let first = rules.first().map_or("", |count| count.rule.id);
    let about = format!("{} rules found something, {first} the most often, with {most} findings.", rules.len());
    figure("rules", "Findings by rule", &about, height, &picture, &table)
}

fn by_agent(agents: &[(&str, &Group)]) -> Markup {
    let shown: Vec<Bar> = agents
        .iter()
        .take(BARS)
        .map(|(agent, group)| Bar {
            label: (*agent).to_owned(),
            class: "heat",
            value: group.mean_heat(),
            words: format!("{:.0} ({} replies)", group.mean_heat(), group.replies),
        })
        .collect();
    let (picture, height) = bars(&shown, 100.0);
    let table = html! {
        table {
            thead { tr { th scope="col" { "Agent" } (group_heads()) } }
            tbody { @for (agent, group) in agents.iter().take(AGENTS) { tr { th scope="row" { (agent) } (group_cells(group)) } } }
        }
        @if agents.len() > AGENTS { p { (agents.len() - AGENTS) " more are in replies.csv." } }
    };
    let about = format!(
        "{} agents, the mean heat of their replies, and how many they wrote; the table has the same.",
        agents.len()
    );
    figure("agents", "Mean heat by agent", &about, height, &picture, &table)
}

fn items(summary: &Summary) -> Markup {
    let asked: Vec<_> = checklist().zip(&summary.items).filter(|(_, (_, asked))| *asked > 0).collect();
    let shown: Vec<Bar> = asked
        .iter()
        .map(|(item, (met, asked))| Bar {
            label: item.title.to_owned(),
            class: "met",
            value: percent(*met, *asked),
            words: format!("{:.0} %", percent(*met, *asked)),
        })
        .collect();
    let (picture, height) = bars(&shown, 100.0);
    let table = html! {
        table {
            thead { tr { @for head in ["Item", "Replies that need it", "Have it", "Why it helps"] { th scope="col" { (head) } } } }
            tbody {
                @for (item, (met, asked)) in &asked {
                    tr { th scope="row" { (item.title) } td { (asked) } td { (met) } td class="words" { (item.why) } }
                }
            }
        }
    };
    let about = "For each item of the checklist, how many of the replies that need it have it, in percent.";
    figure("items", "What a good reply has", about, height, &picture, &table)
}

/// Which to read, for figures alone say little.
fn hottest(summary: &Summary) -> Markup {
    html! {
        section aria-labelledby="hottest-heading" {
            h2 id="hottest-heading" { "Worth reading first" }
            div class="wide" tabindex="0" role="region" aria-label="The hottest replies" {
                table {
                    thead { tr { @for head in ["Reply", "Date", "Agent", "Heat", "Findings"] { th scope="col" { (head) } } } }
                    tbody {
                        @for reply in &summary.hottest {
                            tr {
                                th scope="row" { (reply.id) }
                                td { @if let Some(sent) = reply.sent { (day(sent.div_euclid(86_400))) } }
                                td { (named(&reply.agent)) } td { (reply.heat) } td { (reply.findings) }
                            }
                        }
                    }
                }
            }
        }
    }
}

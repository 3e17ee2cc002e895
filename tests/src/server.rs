//! Webmail on its real host names, on loopback.
//!
//! One listener, on any port, without root: browsers use it as their proxy, ask it to `CONNECT mail.google.com:443`, and
//! are answered right here, under a certificate made for that host. So the extension under test is the one that ships,
//! with the shipped manifest, and nothing reaches the network: a host that has no [`Site`] is refused and noted.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufStream, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

/// What answers for a host.
#[derive(Clone, Debug)]
pub enum Site {
    /// The files of folders, each under a path like `/mail/u/0/`; see [`content_security_policy`] for `?csp=`.
    Folders(Vec<(String, PathBuf)>),
    /// A web server on this port of loopback, which speaks plain HTTP.
    Port(u16),
}

/// The policy that `?csp=NAME` makes a page of [`Site::Folders`] come with.
#[must_use]
pub fn content_security_policy(name: &str) -> Option<&'static str> {
    match name {
        "strict" => Some(
            "default-src 'none'; script-src 'nonce-x'; style-src 'nonce-x'; frame-src 'none'; \
             require-trusted-types-for 'script'",
        ),
        _ => None,
    }
}

/// The running server; it stops when dropped.
pub struct Server {
    address: SocketAddr,
    state: Arc<State>,
    // Dropped last: with it go all connections.
    _runtime: Runtime,
}

struct State {
    sites: HashMap<String, Site>,
    certificates: Mutex<HashMap<String, TlsAcceptor>>,
    refused: Mutex<Vec<String>>,
    served: Mutex<Vec<String>>,
    written: Mutex<Vec<String>>,
}

impl Server {
    /// Starts it for these hosts.
    ///
    /// # Panics
    /// If no loopback port can be had.
    #[must_use]
    pub fn start(sites: impl IntoIterator<Item = (String, Site)>) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("a tokio runtime");
        let state = Arc::new(State {
            sites: sites.into_iter().collect(),
            certificates: Mutex::default(),
            refused: Mutex::default(),
            served: Mutex::default(),
            written: Mutex::default(),
        });
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port on loopback");
        let address = listener.local_addr().expect("a bound listener has an address");
        let accepting = Arc::clone(&state);
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let state = Arc::clone(&accepting);
                // A connection that breaks is the browser's business: it closed a page, or refused to wait.
                tokio::spawn(async move { connection(stream, &state).await.ok() });
            }
        });
        Self { address, state, _runtime: runtime }
    }

    /// `127.0.0.1:PORT`, for the browser's proxy setting.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Every `host` or `host:port` that was asked for and has no site, in order.
    #[must_use]
    pub fn refused(&self) -> Vec<String> {
        locked(&self.state.refused).clone()
    }

    /// Every `host/path?query` asked of [`Site::Folders`], in order.
    #[must_use]
    pub fn served(&self) -> Vec<String> {
        locked(&self.state.served).clone()
    }

    /// What of that was more than reading: `POST host/path`, in order. The pages never do.
    #[must_use]
    pub fn written(&self) -> Vec<String> {
        locked(&self.state.written).clone()
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One connection from a browser to its proxy.
async fn connection(stream: TcpStream, state: &State) -> io::Result<()> {
    let mut stream = BufStream::new(stream);
    let Some(head) = Head::read(&mut stream).await? else { return Ok(()) };
    let host = head.target.strip_suffix(":443").unwrap_or(&head.target);
    let Some(site) = state.sites.get(host).filter(|_| head.method == "CONNECT") else {
        locked(&state.refused).push(head.target);
        stream.write_all(b"HTTP/1.1 403 Not on loopback\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").await?;
        return stream.flush().await;
    };
    stream.write_all(b"HTTP/1.1 200 Connected\r\n\r\n").await?;
    stream.flush().await?;
    let mut inside = state.acceptor(host)?.accept(stream).await?;
    match site {
        Site::Folders(folders) => {
            let mut inside = BufStream::new(inside);
            while let Some(head) = Head::read(&mut inside).await? {
                locked(&state.served).push(format!("{host}{}", head.target));
                if !["GET", "HEAD"].contains(&head.method.as_str()) {
                    locked(&state.written).push(format!("{} {host}{}", head.method, head.target));
                }
                answer(&mut inside, &head, folders).await?;
            }
            Ok(())
        }
        Site::Port(port) => {
            let mut behind = TcpStream::connect(("127.0.0.1", *port)).await?;
            copy_bidirectional(&mut inside, &mut behind).await.map(drop)
        }
    }
}

impl State {
    fn acceptor(&self, host: &str) -> io::Result<TlsAcceptor> {
        if let Some(acceptor) = locked(&self.certificates).get(host) {
            return Ok(acceptor.clone());
        }
        let made = rcgen::generate_simple_self_signed([host.to_owned()]).map_err(io::Error::other)?;
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
        let mut config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .map_err(io::Error::other)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        let acceptor = TlsAcceptor::from(Arc::new(config));
        locked(&self.certificates).insert(host.to_owned(), acceptor.clone());
        Ok(acceptor)
    }
}

/// The part of a request that matters here.
struct Head {
    method: String,
    target: String,
}

impl Head {
    /// `None` at the end of the connection. A body is read and dropped.
    async fn read(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<Self>> {
        let mut bytes = Vec::new();
        while !bytes.ends_with(b"\r\n\r\n") {
            match stream.read_u8().await {
                Ok(byte) if bytes.len() < 64 * 1024 => bytes.push(byte),
                Ok(_) => return Err(io::ErrorKind::InvalidData.into()),
                Err(_) if bytes.is_empty() => return Ok(None),
                Err(error) => return Err(error),
            }
        }
        let text = String::from_utf8_lossy(&bytes);
        let mut lines = text.lines();
        let mut words = lines.next().unwrap_or_default().split(' ');
        let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let length = lines
            .filter_map(|line| line.split_once(':'))
            .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            .and_then(|(_, value)| value.trim().parse().ok())
            .unwrap_or(0);
        tokio::io::copy(&mut stream.take(length), &mut tokio::io::sink()).await?;
        Ok(Some(Self { method: method.to_owned(), target: target.to_owned() }))
    }
}

/// One file, or 404.
async fn answer(stream: &mut (impl AsyncWrite + Unpin), head: &Head, folders: &[(String, PathBuf)]) -> io::Result<()> {
    let (path, query) = head.target.split_once('?').unwrap_or((&head.target, ""));
    let file = folders.iter().find_map(|(under, folder)| file(folder, path.strip_prefix(under.as_str())?));
    let (status, body) = match file.as_ref().map(std::fs::read) {
        Some(Ok(body)) => ("200 OK", body),
        _ => ("404 Not Found", Vec::new()),
    };
    let mut headers = format!(
        "HTTP/1.1 {status}\r\ncontent-type: {}\r\ncontent-length: {}\r\ncache-control: no-store\r\n",
        content_type(file.as_deref()),
        body.len()
    );
    let policy = query.split('&').find_map(|pair| pair.strip_prefix("csp=")).and_then(content_security_policy);
    if let Some(policy) = policy {
        headers.push_str(&format!("content-security-policy: {policy}\r\n"));
    }
    headers.push_str("\r\n");
    stream.write_all(headers.as_bytes()).await?;
    if head.method != "HEAD" {
        stream.write_all(&body).await?;
    }
    stream.flush().await
}

/// The file under `folder` that a path names, `index.html` where it names a folder.
fn file(folder: &Path, path: &str) -> Option<PathBuf> {
    let relative = Path::new(path);
    let inside = relative.components().all(|part| matches!(part, Component::Normal(_)));
    let file = folder.join(relative);
    let file = if file.is_dir() { file.join("index.html") } else { file };
    (inside && file.is_file()).then_some(file)
}

fn content_type(file: Option<&Path>) -> &'static str {
    match file.and_then(Path::extension).and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json") => "application/json",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}

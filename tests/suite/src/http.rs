//! A server on loopback, and a client for it.

use std::net::{Ipv4Addr, SocketAddr};

use actix_session::SessionMiddleware;
use actix_web::cookie::Key;
use actix_web::dev::ServerHandle;
use actix_web::web::ServiceConfig;
use actix_web::{App, HttpServer};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::sessions::Sessions;

/// A running server.
pub struct Http {
    base: String,
    agent: ureq::Agent,
    /// What stops it, where it does not stop with the runtime.
    stop: Option<ServerHandle>,
}

impl Drop for Http {
    fn drop(&mut self) {
        if let Some(server) = &self.stop {
            drop(server.stop(false));
        }
    }
}

/// What came back.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    pub status: u16,
    /// `WWW-Authenticate`.
    pub challenge: Option<String>,
    /// `Allow`.
    pub allow: Option<String>,
    /// `Retry-After`.
    pub retry_after: Option<String>,
    /// `Content-Type`.
    pub media_type: Option<String>,
    /// The first `Set-Cookie`.
    pub cookie: Option<String>,
    /// `Referrer-Policy`.
    pub referrer_policy: Option<String>,
    /// The body, byte for byte.
    pub text: String,
    /// The body, where it is JSON.
    pub body: Value,
}

impl Http {
    /// Serves an application until the runtime ends.
    pub async fn serve(app: axum::Router) -> Http {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let app = app.into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, app).await });
        Http::at(base, None)
    }

    /// Serves routes of actix, with sessions in memory, until it is dropped.
    pub fn serve_actix(routes: impl Fn(&mut ServiceConfig) + Clone + Send + 'static) -> Http {
        let sessions = Sessions::default();
        let app = move || {
            let middleware = SessionMiddleware::builder(sessions.clone(), Key::from(&[7; 64]));
            let middleware = middleware.cookie_secure(false).build();
            App::new().wrap(middleware).configure(routes.clone())
        };
        let (started, starting) = std::sync::mpsc::channel();
        // actix has a runtime of its own for each of its threads.
        std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async {
                let server = HttpServer::new(app).workers(1).disable_signals();
                let server = server.bind(("127.0.0.1", 0)).expect("a port");
                let address = server.addrs()[0];
                let server = server.run();
                started
                    .send((address, server.handle()))
                    .expect("a test waits");
                server.await
            })
        });
        let (address, stop) = starting.recv().expect("a server");
        Http::at(format!("http://{address}"), Some(stop))
    }

    fn at(base: String, stop: Option<ServerHandle>) -> Http {
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .build()
            .into();
        Http { base, agent, stop }
    }

    /// Sends a request without a body. Blocks, so it wants a thread of its own or a multi-threaded runtime.
    pub fn ask(&self, method: &str, path: &str, authorization: Option<&str>) -> Answer {
        let authorization = authorization.map(|value| ("authorization", value));
        self.ask_with(method, path, authorization.as_slice())
    }

    /// The same with these headers.
    pub fn ask_with(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send(method, path, headers, String::new())
    }

    /// The same with a body.
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: String) -> Answer {
        let mut request = axum::http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body).expect("a request");
        tokio::task::block_in_place(|| {
            // Whoever answers without reading the body closes the connection, and the answer may be lost with it.
            let mut answers = (0..5).map(|_| self.agent.run(request.clone()));
            let answer = answers.find_map(Result::ok);
            let mut response = answer.expect("an answer");
            let header = |name: &str| {
                let value = response.headers().get(name)?;
                Some(value.to_str().expect("text").to_owned())
            };
            let (allow, retry_after) = (header("allow"), header("retry-after"));
            let cookie = header("set-cookie");
            let referrer_policy = header("referrer-policy");
            let (challenge, media_type) = (header("www-authenticate"), header("content-type"));
            let text = response.body_mut().read_to_string().expect("a body");
            Answer {
                status: response.status().as_u16(),
                challenge,
                allow,
                retry_after,
                media_type,
                cookie,
                referrer_policy,
                body: serde_json::from_str(&text).unwrap_or(Value::Null),
                text,
            }
        })
    }

    /// A JSON body with a bearer token.
    pub fn json(&self, method: &str, path: &str, token: &str, body: &Value) -> Answer {
        let bearer = format!("Bearer {token}");
        let headers = [
            ("authorization", bearer.as_str()),
            ("content-type", "application/json"),
        ];
        self.send(method, path, &headers, body.to_string())
    }

    /// `GET` with a bearer token.
    pub fn get(&self, path: &str, token: &str) -> Answer {
        self.ask("GET", path, Some(&format!("Bearer {token}")))
    }

    /// Sends a request whose headers are any bytes, from an address of loopback.
    pub async fn raw(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, Vec<u8>)],
        body: &str,
        from: Ipv4Addr,
    ) -> Answer {
        let address = self.base.strip_prefix("http://").expect("an address");
        let mut request = format!("{method} {path} HTTP/1.1\r\nhost: {address}\r\n").into_bytes();
        for (name, value) in headers {
            request.extend([name.as_bytes(), b": ", value, b"\r\n"].concat());
        }
        let end = format!(
            "content-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        );
        request.extend(end.into_bytes());
        let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
        socket
            .bind(SocketAddr::from((from, 0)))
            .expect("an address of loopback");
        let server = address.parse().expect("an address");
        let mut stream = socket.connect(server).await.expect("a connection");
        stream.write_all(&request).await.expect("a request");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.expect("an answer");
        parsed(&String::from_utf8_lossy(&answer))
    }
}

/// An answer as it comes over the wire.
fn parsed(answer: &str) -> Answer {
    let (head, text) = answer.split_once("\r\n\r\n").expect("an answer");
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    let all = |name: &str| {
        let lines = head.lines().filter_map(|line| line.split_once(": "));
        let values = lines.filter(|(header, _)| header.eq_ignore_ascii_case(name));
        values
            .map(|(_, value)| value.to_owned())
            .collect::<Vec<_>>()
    };
    let joined = |name: &str| Some(all(name).join(", ")).filter(|values| !values.is_empty());
    Answer {
        status: status.expect("a status"),
        challenge: joined("www-authenticate"),
        allow: joined("allow"),
        retry_after: joined("retry-after"),
        media_type: joined("content-type"),
        referrer_policy: joined("referrer-policy"),
        cookie: all("set-cookie").into_iter().next(),
        body: serde_json::from_str(text).unwrap_or(Value::Null),
        text: text.to_owned(),
    }
}

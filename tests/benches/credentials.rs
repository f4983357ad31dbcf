//! `cargo bench -p orgscope-tests --bench credentials`: what credentials cost apart from the database. Magic links are verified by
//! django-sesame as well, where `python3` (or `ORGSCOPE_BENCH_PYTHON`) can import it.
// A bench stops at the first thing that is not as it should be.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::hint::black_box;
use std::time::Instant;

use orgscope::credential::{Presented, read};
use orgscope::identity::token_digest;
use orgscope::sesame::{Account, Lifetime, Packer, Settings, TokenKey};
use sha2::{Digest, Sha256};

fn main() {
    bearer();
    sesame();
}

/// The median of nanoseconds an operation takes.
fn nanoseconds(mut operation: impl FnMut()) -> f64 {
    const TIMES: u32 = 2_000;
    let mut rounds: Vec<f64> = (0..50)
        .map(|_| {
            let start = Instant::now();
            (0..TIMES).for_each(|_| operation());
            start.elapsed().as_nanos() as f64 / f64::from(TIMES)
        })
        .collect();
    rounds.sort_by(f64::total_cmp);
    rounds[rounds.len() / 2]
}

fn row(name: &str, ours: f64, other: f64) {
    println!(
        "bench {name} ours={ours:.0} other={other:.0} ratio={:.4} unit=ns",
        ours / other
    );
}

/// A header is read, its token checked and digested; the digest alone is the other side.
fn bearer() {
    // A token of the form that is issued, with its check digits.
    let text = format!("orgscope_{}", "0123456789abcdef".repeat(4));
    let check: String = Sha256::digest(&text)[..4]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let header = format!("Bearer {text}{check}").into_bytes();
    let ours = nanoseconds(|| {
        let Presented::Token(token) = read("Bearer", black_box(&header)) else {
            panic!("no token")
        };
        black_box(token_digest(token)).expect("a token");
    });
    let other = nanoseconds(|| {
        black_box(Sha256::digest(black_box(&header[7..])));
    });
    row("bearer/verify/vs=sha256", ours, other);
}

/// A link is read and verified for an account at hand.
fn sesame() {
    const SECRET: &str = "a secret of the bench";
    const PASSWORD: &str = "pbkdf2_sha256$1000$salt$GLZtG1iHCcRYCwtGJvmxCiffWGVRXsDyRrm/TPz4bK0=";
    let sesame = Settings::new(SECRET, Packer::I32, Lifetime::seconds(1e9))
        .build()
        .unwrap();
    let account = Account {
        password: Some(PASSWORD.into()),
        ..Account::default()
    };
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let now = i64::try_from(now.unwrap().as_secs()).unwrap();
    let link = sesame.issue(&TokenKey::Int(7), &account, "", now).unwrap();
    let ours = nanoseconds(|| {
        let read = sesame.read(black_box(&link), now, None).unwrap();
        sesame.verify(&read, &account, "").unwrap();
    });
    match django(SECRET, PASSWORD, &link) {
        Some(other) => row("sesame/verify/vs=django-sesame", ours, other),
        None => println!("sesame/verify: ours={ours:.0} ns; no python3 that imports django-sesame"),
    }
}

/// The nanoseconds that the reference takes for the same link and an account at hand.
fn django(secret: &str, password: &str, link: &str) -> Option<f64> {
    const SCRIPT: &str = r#"
import sys, time, django
from django.conf import settings
secret, password, link = sys.argv[1:]
settings.configure(SECRET_KEY=secret, SESAME_MAX_AGE=10**9, USE_TZ=True,
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}})
django.setup()
from django.contrib.auth import get_user_model
from sesame import tokens_v2
user = get_user_model()(pk=7, password=password, is_active=True)
get_user = lambda pk: user
assert tokens_v2.parse_token(link, get_user) is user
rounds = []
for _ in range(50):
    start = time.perf_counter_ns()
    for _ in range(200):
        tokens_v2.parse_token(link, get_user)
    rounds.append((time.perf_counter_ns() - start) / 200)
print(sorted(rounds)[25])
"#;
    let python = std::env::var("ORGSCOPE_BENCH_PYTHON").unwrap_or_else(|_| "python3".into());
    let output = std::process::Command::new(python)
        .args(["-c", SCRIPT, secret, password, link])
        .output()
        .ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

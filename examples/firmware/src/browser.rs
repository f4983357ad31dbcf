//! The pages of the API in a real browser: `CHROMEDRIVER` names the program that drives Chromium. Screenshots are left in `target/screenshots`.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::{Value, json};

use crate::seed;
use crate::tests::Api;

/// A browser, and what drives it.
struct Browser {
    client: Client,
    _driver: Driver,
    origin: String,
}

/// The program that drives it, which ends with the test.
struct Driver(Child);

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Browser {
    /// A browser of this width; `None` where there is none.
    async fn open(api: &Api, width: u32) -> Option<Browser> {
        let Ok(program) = std::env::var("CHROMEDRIVER") else {
            eprintln!("skipped: CHROMEDRIVER is not set");
            return None;
        };
        let free = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap();
        let mut command = Command::new(program);
        command.arg(format!("--port={}", free.port()));
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let driver = Driver(command.spawn().unwrap());
        let arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            &format!("--window-size={width},1100"),
        ];
        let options = json!({ "goog:chromeOptions": { "args": arguments } });
        let mut builder =
            ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new());
        builder.capabilities(options.as_object().unwrap().clone());
        let url = format!("http://{free}");
        for _ in 0..100 {
            if let Ok(client) = builder.connect(&url).await {
                let origin = format!("http://{}", api.address);
                return Some(Browser {
                    client,
                    _driver: driver,
                    origin,
                });
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("chromedriver does not answer");
    }

    async fn go(&self, path: &str) {
        self.client
            .goto(&format!("{}{path}", self.origin))
            .await
            .unwrap();
    }

    /// Logs in as one of the seeded users, by the key.
    async fn log_in(&self, user: usize) {
        self.go("/login?next=/builds").await;
        self.fill("#username", seed::USERS[user - 1].1).await;
        self.fill("#password", seed::PASSWORD).await;
        self.follow("main button").await;
        assert_eq!(self.path().await, "/builds");
    }

    async fn path(&self) -> String {
        self.client.current_url().await.unwrap().path().to_owned()
    }

    async fn fill(&self, field: &str, text: &str) {
        let field = self.client.find(Locator::Css(field)).await.unwrap();
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    async fn press(&self, button: &str) {
        let button = self.client.find(Locator::Css(button)).await.unwrap();
        button.click().await.unwrap();
    }

    /// Presses what leads to another page, and waits until it is there.
    async fn follow(&self, link: &str) {
        let before = self.client.find(Locator::Css("html")).await.unwrap();
        self.press(link).await;
        for _ in 0..300 {
            let is_gone = before.tag_name().await.is_err();
            let state = "return document.readyState";
            let state = self.client.execute(state, Vec::new()).await;
            if is_gone && state.is_ok_and(|state| state == "complete") {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{link} leads nowhere");
    }

    async fn choose(&self, select: &str, value: &str) {
        let select = self.client.find(Locator::Css(select)).await.unwrap();
        select.select_by_value(value).await.unwrap();
    }

    async fn has(&self, what: &str) -> bool {
        !self
            .client
            .find_all(Locator::Css(what))
            .await
            .unwrap()
            .is_empty()
    }

    /// The texts of elements.
    async fn texts(&self, of: &str) -> Vec<String> {
        let mut texts = Vec::new();
        for one in self.client.find_all(Locator::Css(of)).await.unwrap() {
            texts.push(one.text().await.unwrap());
        }
        texts
    }

    /// The page tells this status.
    async fn is(&self, status: &str) {
        let told = self.texts("[role=status]").await;
        assert!(told[0].starts_with(status), "{told:?}");
    }

    async fn picture(&self, name: &str) {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/screenshots");
        std::fs::create_dir_all(folder).unwrap();
        let picture = self.client.screenshot().await.unwrap();
        std::fs::write(format!("{folder}/{name}.png"), picture).unwrap();
    }

    /// What a script says: pages have none, but a browser can be asked.
    async fn ask(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.unwrap()
    }

    async fn close(self) {
        self.client.clone().close().await.unwrap();
    }
}

const CREATE: &str = "section[aria-label=Create]";
const CHANGE: &str = "section[aria-label=Change]";
const DELETE: &str = "section[aria-label=Delete]";

#[tokio::test]
async fn nobody_sees_nothing_and_may_log_in() {
    let api = Api::seeded().await;
    let Some(browser) = Browser::open(&api, 1280).await else {
        return;
    };
    browser.go("/builds").await;
    browser.is("401").await;
    assert!(!browser.has("form").await);
    browser.follow("header a[href^='/login']").await;
    browser.fill("#username", seed::USERS[1].1).await;
    browser.fill("#password", "wrong").await;
    browser.follow("main button").await;
    assert_eq!(
        browser.texts("[role=alert]").await,
        ["The name or the password is not right."]
    );
    browser.picture("login").await;
    // Nobody is led away from here.
    browser.go("/login?next=//example.org/").await;
    browser.fill("#username", seed::USERS[1].1).await;
    browser.fill("#password", seed::PASSWORD).await;
    browser.follow("main button").await;
    assert_eq!(browser.path().await, "/categories");
    browser.follow("header button").await;
    browser.go("/builds").await;
    browser.is("401").await;
    browser.close().await;
}

#[tokio::test]
async fn a_manager_may_choose_and_write_what_is_the_own() {
    let api = Api::seeded().await;
    let Some(browser) = Browser::open(&api, 1280).await else {
        return;
    };
    browser.log_in(2).await;
    let ids = "tbody td:first-child";
    assert_eq!(browser.texts(ids).await, ["1", "2", "5"]);
    // Only the category of acme is offered: neither bolt's nor the shared one.
    let offered = browser.texts("#POST-category option").await;
    assert_eq!(offered, ["", "acme routers (1)"]);
    browser.picture("builds-of-a-manager").await;
    browser.fill("#POST-version", "2.0").await;
    browser.choose("#POST-category", "1").await;
    browser.follow(&format!("{CREATE} button")).await;
    browser.is("201").await;

    // The form is edited: the category of bolt.
    browser
        .ask("document.querySelector('#POST-category').options[1].value = '2'")
        .await;
    browser.fill("#POST-version", "3.0").await;
    browser.choose("#POST-category", "2").await;
    browser.follow(&format!("{CREATE} button")).await;
    browser.is("400").await;
    assert_eq!(
        browser.texts("#POST-category-wrong").await,
        ["does_not_exist"]
    );
    assert_eq!(
        browser
            .ask("return document.querySelector('#POST-version').value")
            .await,
        "3.0"
    );
    browser.picture("refused").await;

    // The own row is changed and deleted; a shared one is only read; another's is not there.
    browser.go("/builds/1").await;
    assert_eq!(
        browser
            .ask("return document.querySelector('#PATCH-version').value")
            .await,
        "1.0"
    );
    assert_eq!(
        browser
            .ask("return document.querySelector('#PATCH-category').value")
            .await,
        "1"
    );
    browser.picture("a-build").await;
    browser.fill("#PATCH-version", "1.0.1").await;
    browser.follow(&format!("{CHANGE} button")).await;
    browser.is("200").await;
    assert!(browser.texts("td").await.contains(&"1.0.1".to_owned()));
    browser.go("/builds/2").await;
    browser.press(&format!("{DELETE} summary")).await;
    browser.follow(&format!("{DELETE} button")).await;
    // An image refers to it.
    browser.is("409").await;
    browser.go("/builds/5").await;
    browser.is("200").await;
    assert!(!browser.has(CHANGE).await && !browser.has(DELETE).await);
    browser.go("/builds/3").await;
    browser.is("404").await;
    assert!(!browser.has("section").await);

    // A filter says what was filled in, and nothing else.
    browser.go("/builds").await;
    browser.press("summary").await;
    browser.fill("#filter-version__icontains", "1.").await;
    browser.follow("form[method=get] button").await;
    let url = browser.client.current_url().await.unwrap();
    assert_eq!(url.query(), Some("version__icontains=1."));
    assert_eq!(browser.texts(ids).await, ["1", "2"]);
    // A value that is none of the caller's is told at its field.
    browser.go("/builds?category=2").await;
    browser.is("400").await;
    assert_eq!(
        browser.texts("#filter-category-wrong").await,
        ["invalid_choice"]
    );
    api.world.assert_scoped();
    browser.close().await;
}

#[tokio::test]
async fn a_superuser_sees_everything_on_a_phone_as_well() {
    let api = Api::seeded().await;
    let Some(browser) = Browser::open(&api, 390).await else {
        return;
    };
    browser.log_in(6).await;
    assert_eq!(
        browser.texts("tbody td:first-child").await,
        ["1", "2", "3", "4", "5"]
    );
    let offered = browser.texts("#POST-category option").await;
    assert_eq!(offered.len(), 5, "{offered:?}");
    assert!(browser.has("details pre").await, "why a superuser may");
    let fits = "return document.documentElement.scrollWidth <= window.innerWidth";
    assert_eq!(browser.ask(fits).await, true);
    browser.picture("phone").await;
    // Every field has a label, and there is no script.
    let unlabelled = "return [...document.querySelectorAll('main input:not([type=hidden]), main select')].filter(one => !one.labels.length).length";
    assert_eq!(browser.ask(unlabelled).await, 0);
    assert!(!browser.has("script").await);
    browser.go("/categories").await;
    let organizations = browser.texts("#POST-organization option").await;
    assert_eq!(organizations, ["", "acme (1)", "bolt (2)", "closed (3)"]);
    browser.close().await;
}

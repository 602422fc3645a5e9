//! A Stripe to try the market with: `cargo run -p tests --example stripe -- 4242 http://127.0.0.1:3000`. It prints the settings with which the
//! market finds it; its page takes every payment.

use server::ports::clock::SystemClock;
use std::sync::Arc;
use tests::stripe_fake::StripeFake;

#[tokio::main]
async fn main() {
    let mut words = std::env::args().skip(1);
    let port = words.next().and_then(|word| word.parse().ok()).unwrap_or(4242);
    let market = words.next().unwrap_or_else(|| "http://127.0.0.1:3000".to_owned());
    let fake = StripeFake::listen(port, Arc::new(SystemClock), Some(market)).await;
    let settings = fake.settings();
    println!("JIZHOU_STRIPE_SECRET_KEY={}", settings.secret_key);
    println!(
        "JIZHOU_STRIPE_WEBHOOK_SECRETS={}",
        settings.webhook_secrets.join(",")
    );
    println!("JIZHOU_STRIPE_API_BASE={}", settings.api_base.unwrap_or_default());
    std::future::pending::<()>().await;
}

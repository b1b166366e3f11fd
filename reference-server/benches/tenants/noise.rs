//! A quiet tenant alone, and beside a noisy one. Both send at a fixed rate whatever comes back, and a latency counts from when the
//! request was due: waiting is not left out.

use std::{error::Error, time::Duration};

use super::{load, paced, server::Server};

/// What the quiet tenant sends a second.
const QUIET: f64 = 25.0;
/// How much more the noisy one sends.
const TIMES: f64 = 20.0;
const SPAN: Duration = Duration::from_secs(12);
/// For the noisy tenant that sends as fast as it is answered.
const FLOOD: usize = 100;

pub(crate) async fn measure(name: &str, url: &str) -> Result<(), Box<dyn Error>> {
    let server = Server::start(url)?;
    let (quiet, noisy) = (server.prepare("quiet@example.com")?, server.prepare("noisy@example.com")?);
    let address = server.address;
    load::run(address, std::slice::from_ref(&noisy), 8, Duration::from_secs(1)).await?;
    let alone = paced::at_rate(address, &quiet, QUIET, SPAN).await?;
    let (beside, _) = tokio::try_join!(
        paced::at_rate(address, &quiet, QUIET, SPAN),
        paced::at_rate(address, &noisy, QUIET * TIMES, SPAN)
    )?;
    let noise = [noisy];
    let (flooded, flood) =
        tokio::try_join!(paced::at_rate(address, &quiet, QUIET, SPAN), load::run(address, &noise, FLOOD, SPAN))?;
    let figure = load::percentile(&alone, 99);
    println!("{name:<11} alone {figure:.2} ms (p50 {:.2} ms)", load::percentile(&alone, 50));
    for (what, latencies) in [
        (format!("beside {:.0}/s", QUIET * TIMES), &beside),
        (format!("beside {FLOOD} connections that flood ({:.0}/s)", super::per_second(&flood)), &flooded),
    ] {
        let loaded = load::percentile(latencies, 99);
        println!("{:<11} {what}: {loaded:.2} ms, {:.2} times", "", loaded / figure);
    }
    Ok(())
}

//! `agent-platform operator-key create`.

use std::io::Write;

use crate::{auth::ApiKey, clock::Clock, config::DatabaseArgs, store};

pub(super) async fn create(args: &DatabaseArgs) -> anyhow::Result<()> {
    super::warn_of_passwords(args);
    let key = ApiKey::generate_operator();
    store::insert_operator_key(args.owner_url(), &key.public_id, &key.secret.hash(), Clock::default().now()).await?;
    writeln!(
        std::io::stderr(),
        "The operator key of the database {}, shown this once; send it as `Authorization: Bearer …` to /admin of its server:",
        args.owner_url()
    )?;
    writeln!(std::io::stdout(), "{}", key.reveal())?;
    Ok(())
}

//! Arguments that come to nothing are refused before anything is sent, with what is wrong with which.

use crate::support::{Surroundings, run_bare};

#[tokio::test]
async fn wrong_arguments_are_2_and_name_what_is_wrong() {
    for (arguments, why) in [
        (&[][..], "a command is missing"),
        (&["fly"], "there is no command \"fly\""),
        (&["agents"], "agents list or agents create is missing"),
        (&["agents", "fly"], "there is no command \"agents fly\""),
        (&["agents", "create", "--name", "n"], "agents create needs --system-prompt"),
        (&["agents", "list", "more"], "\"more\" is one argument too many"),
        (&["executions", "show"], "the execution's id is missing"),
        (&["run"], "the agent's id is missing"),
        (&["run", "a", "two", "words"], "quote a message of several words"),
        (&["run", "a", "m", "--tool", "t"], "the option --tool does not belong here"),
        (&["run", "a", "m", "-x"], "'-x'"),
        (&["run", "a", "m", "--conversation"], "--conversation"),
        (&["run", "a", "m", "--max-output-tokens", "many"], "--max-output-tokens is a whole number, not \"many\""),
        (&["run", "a", "m", "--on-disconnect", "wait"], "--on-disconnect is continue or cancel, not \"wait\""),
        (&["usage", "--timeout", "0"], "--timeout is a number of seconds above 0, or none, not \"0\""),
        (&["usage", "--timeout", "1e99"], "--timeout"),
        (&["usage", "--max-retries", "-1"], "--max-retries"),
        (&["usage", "--base-url", "nowhere"], "the base URL nowhere is not usable"),
        (&["usage", "--api-key-file", "/no/such/file"], "the key's file /no/such/file"),
        (&["usage", "--api-key-file", "/dev/null"], "it is empty"),
    ] {
        let ran = run_bare(arguments, Surroundings::default()).await;
        assert_eq!(ran.status, 2, "{arguments:?}: {ran:?}");
        assert!(ran.stderr.contains(why) && ran.stdout.is_empty(), "{arguments:?}: {ran:?}");
        assert_eq!(ran.stderr.lines().count(), 1, "{ran:?}");
    }
}

#[tokio::test]
async fn a_key_is_no_argument() {
    for arguments in [&["usage", "--api-key", "pk_live_SECRET"][..], &["usage", "--api-key=pk_live_SECRET"]] {
        let ran = run_bare(arguments, Surroundings::default()).await;
        assert_eq!(ran.status, 2);
        assert!(ran.stderr.contains("--api-key-file") && !ran.stderr.contains("SECRET"), "{ran:?}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn an_argument_that_is_not_utf_8_is_named() {
    use std::os::unix::ffi::OsStringExt;

    let arguments = vec!["run".into(), "a".into(), std::ffi::OsString::from_vec(b"caf\xE9".to_vec())];
    let stderr = crate::support::Written::default();
    let streams =
        agent_platform::cli::Streams { stderr: Box::new(stderr.clone()), ..agent_platform::cli::Streams::of_process() };
    assert_eq!(agent_platform::cli::run(arguments, streams).await, 2);
    assert!(stderr.text().contains("caf\u{FFFD} is not UTF-8"), "{}", stderr.text());
}

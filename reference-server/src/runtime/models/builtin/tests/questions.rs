//! What people ask, over the articles of the demo: answered, half answered, or not.

use super::super::super::Turn;
use super::{play, user};

fn ask(message: &str) -> String {
    let (called, text) = play(vec![user(message)], &["search_kb", "create_ticket"]);
    assert!(called.is_empty() || called == ["search_kb"], "{message}: {called:?}");
    text
}

#[test]
fn questions_that_the_articles_answer_are_answered_from_them() {
    for (question, says) in [
        ("How do I reset my password?", "we send you a link"),
        ("I forgot my password", "Forgot password?"),
        ("forgot password!!", "Forgot password?"),
        ("How can I change my password?", "Change password"),
        ("My reset link does not arrive", "spam folder"),
        ("Where do I find my invoices?", "download each invoice as a PDF"),
        ("How do I update my credit card?", "Payment method"),
        ("Can I pay by bank transfer?", "bank transfer"),
        ("How do I cancel my subscription?", "There is no notice period"),
        ("I want to cancel", "There is no notice period"),
        ("How do I delete my account?", "Delete account"),
        ("How do I create an API key?", "shown once"),
        ("what are the API rate limits", "600 requests a minute"),
        ("Can I get a refund?", "within 14 days"),
        ("How long does a refund take?", "ten days"),
        ("How can I get my money back?", "We send the money back"),
        ("How do I export my data?", "choose CSV or JSON"),
        ("How do I invite a team member?", "then Invite"),
        ("Which roles are there?", "four roles"),
        ("How do I enable two-factor authentication?", "Scan the QR code"),
        ("I lost my phone, how do I sign in?", "recovery code"),
        ("comment réinitialiser le password?", "password"),
    ] {
        let answer = ask(question);
        assert!(answer.contains(says), "{question}: {answer}");
        assert!(answer.contains("(from “"), "{question}: {answer}");
    }
}

#[test]
fn questions_that_no_article_answers_get_an_honest_no() {
    for (question, searched) in [
        ("What is the capital of France?", "capital france"),
        ("How do I bake a cake?", "bake cake"),
        ("What is the weather tomorrow?", "weather tomorrow"),
        ("Who won the football world cup?", "football world cup"),
        ("What is the price of gold?", "price gold"),
        ("フランスの首都はどこですか", ""),
    ] {
        let answer = ask(question);
        assert!(answer.starts_with("I found nothing about that in the knowledge base."), "{question}: {answer}");
        assert!(answer.contains(searched), "{question}: {answer}");
    }
}

#[test]
fn half_an_answer_is_called_that() {
    for question in ["Can I pay with bitcoin?", "What is your phone number?"] {
        let answer = ask(question);
        assert!(answer.starts_with("I am not sure"), "{question}: {answer}");
    }
}

#[test]
fn the_same_request_gets_the_same_answer() {
    assert_eq!(ask("How do I export my data?"), ask("How do I export my data?"));
}

#[test]
fn a_message_that_asks_nothing_is_not_searched_for() {
    for message in ["hi", "Hello there", "thanks!", "???", "", "   ", "🎉", "why?"] {
        let (called, text) = play(vec![user(message)], &["search_kb"]);
        assert!(called.is_empty() && !text.is_empty(), "{message}: {called:?}");
    }
}

#[test]
fn a_question_that_names_nothing_is_about_what_was_asked_before() {
    let turns = vec![
        user("How long does a refund take?"),
        Turn::Assistant { content: "Three to ten days.".to_owned(), tool_calls: vec![] },
        user("And why so long?"),
    ];
    let (called, text) = play(turns, &["search_kb"]);
    assert_eq!(called, ["search_kb"]);
    assert!(text.contains("“Refunds”"), "{text}");
}

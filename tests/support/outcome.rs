//! What a run of the program said: exit code, stdout, stderr, with the checks that every command
//! must pass.

use std::process::{Command, Output};

use serde_json::Value;

/// The program's answer.
pub struct Outcome {
    /// None where a signal ended it.
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
    command: String,
}

impl Outcome {
    /// Runs `command` to its end.
    pub fn of(command: &mut Command) -> Self {
        let output = command.output().expect("the program starts");
        Self::from_output(output, format!("{command:?}"))
    }

    pub fn from_output(output: Output, command: String) -> Self {
        let outcome = Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).expect("stdout is UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("stderr is UTF-8"),
            command,
        };
        assert!(!outcome.stderr.contains("panicked"), "a panic:\n{}", outcome.all());
        assert_ne!(outcome.code, Some(4), "a fault of segtrail:\n{}", outcome.all());
        outcome
    }

    /// Everything, for messages of tests.
    pub fn all(&self) -> String {
        let Self { code, stdout, stderr, command } = self;
        format!("{command}\nexit code {code:?}\n--- stdout\n{stdout}\n--- stderr\n{stderr}")
    }

    /// The program succeeded.
    pub fn done(self) -> Self {
        assert_eq!(self.code, Some(0), "{}", self.all());
        self
    }

    /// The program ended with `code` and a message that has all of `words`.
    pub fn fails(self, code: i32, words: &[&str]) -> Self {
        assert_eq!(self.code, Some(code), "{}", self.all());
        assert!(
            self.stderr.lines().any(|line| line.starts_with("error: ")),
            "no line starts with `error: `\n{}",
            self.all()
        );
        self.says(words)
    }

    /// stderr has all of `words`.
    pub fn says(self, words: &[&str]) -> Self {
        for word in words {
            assert!(self.stderr.contains(word), "`{word}` is not in stderr\n{}", self.all());
        }
        self
    }

    /// stdout as the one JSON document that it must be.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| {
            panic!("stdout is not one JSON document: {error}\n{}", self.all())
        })
    }
}

//! Campaign tools and what they take as the name of a group: a tag, a label, a value of a column.
//!
//! Limits are those of the tools' own pages on files that are taken in: Mailchimp, format
//! guidelines for import files (tags of at most 100 characters without emoji, texts of at most 255
//! bytes); Zalo, parameters of message templates (a custom label of at most 30 characters). For
//! the others no limit is published that a name could break; a file of any of them can be opened
//! in a spreadsheet, which takes a text that begins with `=`, `+`, `-` or `@` for a formula.

use serde::{Deserialize, Serialize};

/// A tool that takes in groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tool {
    /// Braze.
    Braze,
    /// Google Customer Match.
    Google,
    /// HubSpot.
    Hubspot,
    /// Klaviyo.
    Klaviyo,
    /// Mailchimp.
    Mailchimp,
    /// Meta custom audiences.
    Meta,
    /// Salesforce Marketing Cloud.
    Salesforce,
    /// TikTok.
    Tiktok,
    /// X.
    X,
    /// Zalo official accounts and message templates.
    Zalo,
}

impl Tool {
    /// Every tool, by name.
    pub const ALL: [Self; 10] = [
        Self::Braze,
        Self::Google,
        Self::Hubspot,
        Self::Klaviyo,
        Self::Mailchimp,
        Self::Meta,
        Self::Salesforce,
        Self::Tiktok,
        Self::X,
        Self::Zalo,
    ];

    /// As it is written in taxonomies and on the command line.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Braze => "braze",
            Self::Google => "google",
            Self::Hubspot => "hubspot",
            Self::Klaviyo => "klaviyo",
            Self::Mailchimp => "mailchimp",
            Self::Meta => "meta",
            Self::Salesforce => "salesforce",
            Self::Tiktok => "tiktok",
            Self::X => "x",
            Self::Zalo => "zalo",
        }
    }

    /// The tool called `key`.
    pub fn named(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tool| tool.key() == key)
    }

    /// All keys, for messages.
    pub fn keys() -> String {
        Self::ALL.map(Self::key).join(", ")
    }

    /// Most characters of a name.
    pub(super) const fn characters(self) -> Option<usize> {
        match self {
            Self::Mailchimp => Some(100),
            Self::Zalo => Some(30),
            _ => None,
        }
    }

    /// Most bytes of a name in UTF-8.
    pub(super) const fn bytes(self) -> Option<usize> {
        match self {
            Self::Mailchimp => Some(255),
            _ => None,
        }
    }

    /// Whether it refuses emoji.
    pub(super) const fn refuses_emoji(self) -> bool {
        matches!(self, Self::Mailchimp)
    }

    /// Whether several tags stand in one field, separated by commas.
    pub(super) const fn lists_by_comma(self) -> bool {
        matches!(self, Self::Mailchimp)
    }
}

impl std::str::FromStr for Tool {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::named(text)
            .ok_or_else(|| format!("`{text}` is no campaign tool known here: {}", Self::keys()))
    }
}

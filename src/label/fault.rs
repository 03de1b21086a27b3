//! What the linter finds in a taxonomy, one variant a rule; each message says what and the remedy.

use thiserror::Error;

use super::error::Severity;
use super::phrases::in_vietnamese;
use super::rule::RuleFault;
use crate::types::Bilingual;

/// The longest name of a group, in characters: the limit of custom labels in message templates
/// of Zalo.
pub const MAX_NAME: usize = 30;

/// What is wrong with a taxonomy, one variant a rule.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Fault {
    /// Not TOML.
    #[error("not valid TOML: {message}")]
    Syntax {
        /// As the TOML reader says it.
        message: String,
    },
    /// A key that means nothing here.
    #[error("unknown key `{key}` in {table}; known keys: {known}")]
    UnknownKey {
        /// The key.
        key: String,
        /// Where it stands.
        table: String,
        /// The keys that may stand there.
        known: String,
    },
    /// A key that must be there.
    #[error("{table} has no `{key}`; add it")]
    MissingKey {
        /// The key.
        key: &'static str,
        /// Where it is missed.
        table: String,
    },
    /// A value of another type.
    #[error("`{key}` must be {expected}, not {found}")]
    WrongType {
        /// The key.
        key: String,
        /// What it must be.
        expected: &'static str,
        /// What it is.
        found: &'static str,
    },
    /// A text without a letter.
    #[error("`{key}` is empty; write its text")]
    EmptyText {
        /// The key.
        key: String,
    },
    /// A key that would not do as an identifier.
    #[error("key `{key}` must be lowercase letters a-z, digits and `_`, beginning with a letter")]
    BadKey {
        /// As written.
        key: String,
    },
    /// No group at all.
    #[error("the taxonomy has no group; add a `[[group]]` with the rule `otherwise`")]
    NoGroup,
    /// Two groups of one key.
    #[error("group `{group}` is already defined in line {first}; give each group its own key")]
    DuplicateGroup {
        /// The key.
        group: String,
        /// Line of the first.
        first: usize,
    },
    /// Not a colour.
    #[error("colour `{color}` must be `#` and six hexadecimal digits, such as `#0072b2`")]
    BadColor {
        /// As written.
        color: String,
    },
    /// A rule that cannot be read.
    #[error("rule of group `{group}`: {fault}")]
    Rule {
        /// The key of the group.
        group: String,
        /// What is wrong.
        fault: RuleFault,
    },
    /// A calculation that cannot be read.
    #[error("measure `{measure}`: {fault}")]
    Formula {
        /// The key of the measure.
        measure: String,
        /// What is wrong.
        fault: RuleFault,
    },
    /// A word that is not among the choices.
    #[error("`{key}` cannot be `{value}`; write {known}")]
    Choice {
        /// The key.
        key: String,
        /// As written.
        value: String,
        /// The choices.
        known: &'static str,
    },
    /// Two keys that do not go together.
    #[error("`{key}` means nothing with {with}; {remedy}")]
    Together {
        /// The key.
        key: &'static str,
        /// With what.
        with: &'static str,
        /// What to do.
        remedy: &'static str,
    },
    /// A list without an entry.
    #[error("`{key}` of {table} is empty; {remedy}")]
    EmptyList {
        /// The key.
        key: &'static str,
        /// Where.
        table: String,
        /// What to do.
        remedy: &'static str,
    },
    /// A value of a prototype that is neither a number nor a percentile.
    #[error(
        "`{feature}` of the prototype cannot be {found}; write a number in business units, or a \
         percentile of all customers such as \"p90\""
    )]
    BadIdeal {
        /// The feature.
        feature: String,
        /// As written.
        found: String,
    },
    /// Two measures, or a measure and an attribute, of one name.
    #[error("`{name}` is already the name of a measure or an attribute; give it another")]
    NameTaken {
        /// The name.
        name: String,
    },
    /// A measure that uses a measure.
    #[error(
        "measure `{measure}` uses the measure `{other}`; write its calculation out, a measure may \
         use features alone"
    )]
    MeasureOfMeasure {
        /// The key of the measure.
        measure: String,
        /// The measure it uses.
        other: String,
    },
    /// A group without a treatment.
    #[error(
        "group `{group}` has no `treatment`; add [group.treatment] with `do`, `channel` and \
         `avoid`, so that a reader knows what to do with it"
    )]
    NoTreatment {
        /// The key of the group.
        group: String,
    },
    /// A feature that no run can have.
    #[error("{of}: unknown feature `{feature}`{}; known: {known}", hint(.near))]
    UnknownFeature {
        /// Who asks for it.
        of: String,
        /// As written.
        feature: String,
        /// A known feature spelt alike.
        near: Option<String>,
        /// All known features.
        known: String,
    },
    /// A text where a number belongs.
    #[error(
        "{of}: `{feature}` is a text; compare it with a text, as in `{feature} == \"…\"`, or use a \
         feature that is a number"
    )]
    TextAsNumber {
        /// Who asks for it.
        of: String,
        /// The feature.
        feature: String,
    },
    /// A number where a text belongs.
    #[error("{of}: `{feature}` is a number; compare it with a number, without quotes")]
    NumberAsText {
        /// Who asks for it.
        of: String,
        /// The feature.
        feature: String,
    },
    /// A text that the feature never has.
    #[error("{of}: `{feature}` is never `{value}`{}; it is one of {known}", hint(.near))]
    NoSuchValue {
        /// Who asks for it.
        of: String,
        /// The feature.
        feature: String,
        /// As written.
        value: String,
        /// A value spelt alike.
        near: Option<String>,
        /// Its values.
        known: String,
    },
    /// The last rule leaves segments without a group.
    #[error(
        "the last group, `{group}`, must have the rule `otherwise`, so that everyone gets a group"
    )]
    NoOtherwise {
        /// The key of the last group.
        group: String,
    },
    /// A rule after one that always holds.
    #[error(
        "group `{group}` can never be given: the rule of `{by}` above it always holds; move \
             `{by}` to the end"
    )]
    Shadowed {
        /// The key of the group.
        group: String,
        /// The group whose rule always holds.
        by: String,
    },
    /// The same rule twice.
    #[error("group `{group}` can never be given: `{other}` above it has the same rule; change one")]
    SameRule {
        /// The key of the group.
        group: String,
        /// The earlier group.
        other: String,
    },
    /// A rule that only holds where one above it does.
    #[error(
        "group `{group}` can never be given: whoever meets its rule meets that of {by} above it; \
         move it up, or narrow the rules above"
    )]
    Covered {
        /// The key of the group.
        group: String,
        /// The groups above that take all.
        by: String,
    },
    /// A rule that no values can meet.
    #[error(
        "group `{group}` can never be given: no values can meet its rule{because}; correct its \
         bounds or remove it"
    )]
    Impossible {
        /// The key of the group.
        group: String,
        /// The range that is left, where one feature shows it.
        because: String,
    },
    /// A rule that never holds.
    #[error("group `{group}` can never be given: its rule is never true; correct or remove it")]
    NeverTrue {
        /// The key of the group.
        group: String,
    },
    /// A name too long for campaign tools.
    #[error(
        "name `{name}` of group `{group}` has {length} characters; more than {MAX_NAME} are \
             cut or refused by messaging platforms: shorten it"
    )]
    LongName {
        /// The key of the group.
        group: String,
        /// The name.
        name: String,
        /// Its characters.
        length: usize,
    },
    /// A name that a campaign tool cuts or refuses.
    #[error(
        "{tool}: name `{name}` of group `{group}` has {length} {unit}, at most {most} are taken; \
         shorten it, or give an alias: [group.aliases] {tool} = \"…\""
    )]
    ToolLength {
        /// The tool.
        tool: &'static str,
        /// The key of the group.
        group: String,
        /// The name.
        name: String,
        /// How long it is.
        length: usize,
        /// How long it may be.
        most: usize,
        /// Characters or bytes.
        unit: &'static str,
    },
    /// A character that a campaign tool does not take.
    #[error(
        "{tool}: name `{name}` of group `{group}` has {character}, {why}; leave it out, or give an \
         alias: [group.aliases] {tool} = \"…\""
    )]
    ToolCharacter {
        /// The tool.
        tool: &'static str,
        /// The key of the group.
        group: String,
        /// The name.
        name: String,
        /// The character, as it can be shown.
        character: String,
        /// What becomes of it.
        why: &'static str,
    },
    /// A word about health or money troubles.
    #[error(
        "{what} of group `{group}` has `{word}`, which suggests {topic}: advertising platforms \
         refuse or flag such audiences; say it by what customers buy"
    )]
    Sensitive {
        /// The key of the group.
        group: String,
        /// Name, description or alias.
        what: String,
        /// The word.
        word: String,
        /// Health or financial status.
        topic: &'static str,
    },
    /// Seen on a run: a group that nobody got although its rule was met.
    #[error(
        "in this run {met} met the rule of group `{group}`, and groups above took all of them: \
         {by}; move it up, or narrow the rules above"
    )]
    SeenShadowed {
        /// The key of the group.
        group: String,
        /// How many segments or customers.
        met: String,
        /// Who took them.
        by: String,
        /// Whether customers were named, and not a few segments.
        customers: bool,
    },
    /// Seen on a run: a group that nobody got.
    #[error("in this run nothing gets group `{group}`: {why}")]
    SeenEmpty {
        /// The key of the group.
        group: String,
        /// Why, and what to do.
        why: String,
    },
    /// Seen on a run: a rule that holds together with rules above it.
    #[error(
        "in this run {taken} of {met} that meet the rule of group `{group}` get a group above it: \
         {by}"
    )]
    SeenOverlap {
        /// The lower group.
        group: String,
        /// How many get a group above.
        taken: usize,
        /// How many segments or customers meet the rule.
        met: String,
        /// The groups above with how many.
        by: String,
    },
    /// Seen on a run: what no rule but `otherwise` reaches.
    #[error(
        "in this run only `otherwise` reaches {customers} of customers and {revenue} of revenue \
         (group `{group}`); add a rule where that is too much"
    )]
    SeenRest {
        /// The key of the group.
        group: String,
        /// Share of customers.
        customers: String,
        /// Share of revenue.
        revenue: String,
    },
    /// Seen on a run: something that cannot be told without a feature.
    #[error("this run has no `{features}`: {}", .text.en)]
    SeenWithout {
        /// The features.
        features: String,
        /// What cannot be told.
        text: Bilingual,
    },
    /// Two groups that a reader cannot tell apart.
    #[error("{what} `{value}` of group `{group}` is also that of `{other}`; make them differ")]
    SameLook {
        /// The key of the group.
        group: String,
        /// The earlier group.
        other: String,
        /// `name` or `colour`.
        what: &'static str,
        /// What both have.
        value: String,
    },
}

pub(super) fn hint(near: &Option<String>) -> String {
    near.as_ref().map_or_else(String::new, |near| format!(" (did you mean `{near}`?)"))
}

impl Fault {
    /// What is wrong and what to do, in both languages. What the TOML reader says stays English.
    pub fn message(&self) -> Bilingual {
        let en = self.to_string();
        let vi = match self {
            // The taxonomy says it in Vietnamese too.
            Self::SeenWithout { features, text } => {
                let text = Bilingual { en: text.vi.clone(), ..text.clone() };
                in_vietnamese(&Self::SeenWithout { features: features.clone(), text }.to_string())
            }
            _ => in_vietnamese(&en),
        };
        Bilingual { vi: vi.unwrap_or_else(|| en.clone()), en }
    }

    /// Whether the taxonomy can be used all the same.
    pub fn severity(&self) -> Severity {
        match self {
            Self::NeverTrue { .. }
            | Self::LongName { .. }
            | Self::SameLook { .. }
            | Self::NoTreatment { .. }
            | Self::NoSuchValue { .. }
            | Self::ToolLength { .. }
            | Self::ToolCharacter { .. }
            | Self::Sensitive { .. }
            | Self::SeenShadowed { customers: true, .. } => Severity::Warning,
            Self::SeenShadowed { .. }
            | Self::SeenEmpty { .. }
            | Self::SeenOverlap { .. }
            | Self::SeenRest { .. }
            | Self::SeenWithout { .. } => Severity::Note,
            _ => Severity::Error,
        }
    }
}

//! Names, descriptions and aliases -> what a campaign tool cuts or refuses, and words that suggest
//! health or financial status.
//!
//! Advertising platforms refuse or flag audiences whose name tells of a customer's health or
//! money. Words are looked for whole, in any case; Vietnamese ones with their diacritics.

use super::super::error::Place;
use super::super::fault::Fault;
use super::super::taxonomy::{Group, Taxonomy};
use super::super::tool::Tool;

const HEALTH: &[&str] = &[
    "health",
    "healthy",
    "unhealthy",
    "disease",
    "diseases",
    "diseased",
    "illness",
    "illnesses",
    "ill",
    "sick",
    "patient",
    "patients",
    "medical",
    "medication",
    "medicine",
    "medicines",
    "diabetes",
    "diabetic",
    "diabetics",
    "cancer",
    "hiv",
    "pregnant",
    "pregnancy",
    "obese",
    "obesity",
    "overweight",
    "disabled",
    "disability",
    "disabilities",
    "depressed",
    "depression",
    "anxiety",
    "addict",
    "addicts",
    "addicted",
    "addiction",
    "alcoholic",
    "alcoholics",
    "allergy",
    "allergies",
    "allergic",
    "asthma",
    "therapy",
    "surgery",
    "mental",
    "infertile",
    "infertility",
    "dementia",
    "hypertension",
    "sức khỏe",
    "sức khoẻ",
    "bệnh",
    "bệnh nhân",
    "tiểu đường",
    "đái tháo đường",
    "ung thư",
    "mang thai",
    "mang bầu",
    "bà bầu",
    "mẹ bầu",
    "thai sản",
    "béo phì",
    "thừa cân",
    "khuyết tật",
    "trầm cảm",
    "lo âu",
    "nghiện",
    "dị ứng",
    "hen suyễn",
    "điều trị",
    "thuốc",
    "huyết áp",
    "vô sinh",
    "hiếm muộn",
    "tâm thần",
    "ốm",
    "ốm yếu",
];

const MONEY: &[&str] = &[
    "debt",
    "debts",
    "debtor",
    "debtors",
    "indebted",
    "bankrupt",
    "bankruptcy",
    "insolvent",
    "insolvency",
    "poor",
    "poverty",
    "rich",
    "wealthy",
    "affluent",
    "income",
    "incomes",
    "low income",
    "high income",
    "salary",
    "salaries",
    "net worth",
    "credit score",
    "bad credit",
    "loan",
    "loans",
    "mortgage",
    "unemployed",
    "unemployment",
    "broke",
    "overdraft",
    "welfare",
    "millionaire",
    "millionaires",
    "nợ",
    "mắc nợ",
    "vỡ nợ",
    "phá sản",
    "nghèo",
    "hộ nghèo",
    "giàu",
    "giàu có",
    "thu nhập",
    "thu nhập thấp",
    "thu nhập cao",
    "tiền lương",
    "mức lương",
    "lương thấp",
    "lương cao",
    "vay",
    "vay nợ",
    "tín dụng",
    "thế chấp",
    "thất nghiệp",
    "trả góp",
    "khánh kiệt",
];

/// In the order of the groups.
pub(super) fn faults(taxonomy: &Taxonomy, tools: &[Tool]) -> Vec<(Place, Fault)> {
    let mut found = Vec::new();
    for group in taxonomy.groups() {
        sensitive(group, &mut found);
        for &tool in tools {
            match group.aliases.get(&tool) {
                Some(alias) => fits(tool, group, alias, &group.place, &mut found),
                None => {
                    let names = [&group.name.en, &group.name.vi].into_iter();
                    for (name, place) in names.zip(&group.name_places) {
                        fits(tool, group, name, place, &mut found);
                    }
                }
            }
        }
    }
    found
}

fn sensitive(group: &Group, found: &mut Vec<(Place, Fault)>) {
    let [name_en, name_vi] = &group.name_places;
    let [description_en, description_vi] = &group.description_places;
    let mut texts = vec![
        ("the name".to_owned(), &group.name.en, name_en),
        ("the name".to_owned(), &group.name.vi, name_vi),
        ("the description".to_owned(), &group.description.en, description_en),
        ("the description".to_owned(), &group.description.vi, description_vi),
    ];
    let aliases = group.aliases.iter();
    texts.extend(
        aliases.map(|(tool, alias)| (format!("the alias for {}", tool.key()), alias, &group.place)),
    );
    for (what, text, place) in texts {
        let words = words(text);
        for (list, topic) in [(HEALTH, "health"), (MONEY, "financial status")] {
            // The longest first: `thu nhập thấp` rather than `thu nhập`.
            let held = list.iter().filter(|phrase| holds(&words, phrase));
            if let Some(word) = held.max_by_key(|phrase| phrase.chars().count()) {
                let fault = Fault::Sensitive {
                    group: group.key.0.clone(),
                    what: what.clone(),
                    word: (*word).to_owned(),
                    topic,
                };
                found.push((place.clone(), fault));
            }
        }
    }
}

/// Words in lower case, what is no letter or digit left out.
fn words(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

fn holds(words: &[String], phrase: &str) -> bool {
    let phrase: Vec<&str> = phrase.split(' ').collect();
    words.windows(phrase.len()).any(|window| window.iter().zip(&phrase).all(|(a, b)| a == b))
}

fn fits(tool: Tool, group: &Group, name: &str, place: &Place, found: &mut Vec<(Place, Fault)>) {
    let key = || group.key.0.clone();
    let lengths = [
        (name.chars().count(), tool.characters(), "characters"),
        (name.len(), tool.bytes(), "bytes"),
    ];
    for (length, most, unit) in lengths {
        if let Some(most) = most.filter(|most| length > *most) {
            let (group, name) = (key(), name.to_owned());
            let tool = tool.key();
            let fault = Fault::ToolLength { tool, group, name, length, most, unit };
            found.push((place.clone(), fault));
        }
    }
    let mut bad = |character: String, why: &'static str| {
        let (tool, name) = (tool.key(), name.to_owned());
        let fault = Fault::ToolCharacter { tool, group: key(), name, character, why };
        found.push((place.clone(), fault));
    };
    if let Some(first) = name.chars().next().filter(|c| "=+-@".contains(*c)) {
        bad(format!("`{first}` at its beginning"), "which spreadsheets take for a formula");
    }
    if let Some(control) = name.chars().find(|c| c.is_control()) {
        let shown = format!("the control character U+{:04X}", u32::from(control));
        bad(shown, "which breaks a row of the file");
    }
    if tool.refuses_emoji()
        && let Some(emoji) = name.chars().find(|c| is_emoji(*c))
    {
        bad(format!("the emoji `{emoji}`"), "which tags cannot have");
    }
    if tool.lists_by_comma() && name.contains(',') {
        bad("a comma".into(), "which separates tags");
    }
}

/// Pictographs, dingbats, flags and the selector that makes emoji of other signs.
fn is_emoji(character: char) -> bool {
    matches!(
        u32::from(character),
        0x1F1E6..=0x1F1FF | 0x1F300..=0x1FAFF | 0x2600..=0x27BF | 0x2B50 | 0x2B55 | 0xFE0F
    )
}

//! A comparison -> the gates that a person may ask for, each with its figure, its limit and whether it
//! held.

use serde::{Deserialize, Serialize};

use super::Comparison;
use crate::types::{Bilingual, Language};

/// What a gate watches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GateKind {
    /// The share of the stayers relabelled for model reasons alone.
    ModelChurn,
    /// The largest population stability index of what drifted.
    Drift,
    /// The severe changes of the input.
    InputDrift,
}

/// One gate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Gate {
    /// What it watches.
    pub gate: GateKind,
    /// What was found.
    pub value: f64,
    /// What it may be at most.
    pub limit: f64,
    /// Whether it is no more than that.
    pub held: bool,
    /// The same in a sentence.
    pub sentence: Bilingual,
}

impl Comparison {
    /// The gates of this comparison: none where there is nothing to hold against a limit.
    pub fn gates(&self) -> Vec<Gate> {
        let churn = self.movement.as_ref().map(|movement| {
            let (value, limit) = (movement.model_churn.value, movement.churn_budget);
            Gate {
                gate: GateKind::ModelChurn,
                value,
                limit,
                held: movement.within_budget,
                sentence: Bilingual {
                    en: format!(
                        "model churn: {:.1} % of the customers in both months were relabelled for \
                         model reasons alone; the budget is {:.1} %",
                        100.0 * value,
                        100.0 * limit
                    ),
                    vi: format!(
                        "xáo trộn do mô hình: {} % khách hàng có mặt ở cả hai tháng bị đổi phân khúc \
                         chỉ vì mô hình; ngân sách là {} %",
                        vietnamese(100.0 * value, 1),
                        vietnamese(100.0 * limit, 1)
                    ),
                },
            }
        });
        let drift = self.drift.as_ref().and_then(|drift| {
            let limit = drift.gate?;
            let worst = drift.worst();
            let (name, value) = worst.unwrap_or(("nothing", 0.0));
            Some(Gate {
                gate: GateKind::Drift,
                value,
                limit,
                held: value < limit,
                sentence: Bilingual {
                    en: format!(
                        "drift: the largest population stability index of what drifted is \
                         {value:.3} ({name}); the gate is at {limit}"
                    ),
                    vi: format!(
                        "độ trôi của dữ liệu: chỉ số ổn định (PSI) lớn nhất là {} ({}); ngưỡng là {}",
                        vietnamese(value, 3),
                        if worst.is_some() { name } else { "không có gì trôi" },
                        limit.to_string().replace('.', ",")
                    ),
                },
            })
        });
        let inputs = self.drift.as_ref().and_then(|drift| drift.inputs.as_ref());
        let inputs = inputs.filter(|inputs| inputs.gate).map(|inputs| {
            let severe = inputs.severe();
            let changes = if severe == 1 { "change" } else { "changes" };
            let first = inputs.findings.first().filter(|_| severe > 0);
            let first = |language| {
                first
                    .map_or_else(String::new, |found| format!(": {}", found.sentence.get(language)))
            };
            Gate {
                gate: GateKind::InputDrift,
                value: severe as f64,
                limit: 0.0,
                held: severe == 0,
                sentence: Bilingual {
                    en: format!(
                        "input drift: {severe} severe {changes} of the input{}",
                        first(Language::En)
                    ),
                    vi: format!(
                        "dữ liệu đầu vào: {severe} thay đổi nghiêm trọng{}",
                        first(Language::Vi)
                    ),
                },
            }
        });
        churn.into_iter().chain(drift).chain(inputs).collect()
    }
}

/// A figure with a comma for its point.
fn vietnamese(value: f64, decimals: usize) -> String {
    format!("{value:.decimals$}").replace('.', ",")
}

//! Any text as a rule about segments, a rule about customers and a calculation: never a panic, and
//! a position inside the text.

#![no_main]

use libfuzzer_sys::fuzz_target;
use segtrail::label::rule::{Formula, Rule, RuleFault, Scope};

fuzz_target!(|text: &str| {
    let place = |fault: &RuleFault| assert!(fault.offset <= text.len() && !fault.to_string().is_empty());
    for scope in [Scope::Segments, Scope::Customers] {
        match Rule::parse_in(text, scope) {
            Ok(rule) => {
                // Where the truth is known beforehand, values do not change it.
                for value in [None, Some(0.0), Some(1.0), Some(-3.5)] {
                    let held = rule.holds(&|_| value);
                    assert!(rule.constant().is_none_or(|truth| truth == held));
                }
                assert!(rule.mentions().iter().all(|(_, at)| text.is_char_boundary(*at)));
                let again = Rule::parse_in(rule.text(), scope).expect("its own text is a rule");
                assert!(again.same_as(&rule));
            }
            Err(fault) => place(&fault),
        }
    }
    if let Err(fault) = Formula::parse(text) {
        place(&fault);
    }
});

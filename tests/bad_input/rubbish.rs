//! Bytes that mean nothing at all: an answer, never a panic.

use rand::rngs::StdRng;
use rand::{Rng, RngCore, SeedableRng};

use crate::support::{AS_OF, Shop, csv, sales};

fn answers(shop: &Shop, what: &str) {
    let outcome = shop.run(AS_OF);
    assert!(matches!(outcome.code, Some(0 | 1)), "{what}\n{}", outcome.all());
    if outcome.code == Some(1) {
        outcome.fails(1, &[]);
        shop.left_nothing();
    }
}

#[test]
fn random_bytes_as_sales_are_answered() {
    let mut random = StdRng::seed_from_u64(1);
    for round in 0..12 {
        let mut bytes = vec![0; random.gen_range(1..4_000)];
        random.fill_bytes(&mut bytes);
        let shop = Shop::new();
        shop.write("sales.csv", bytes);
        answers(&shop, &format!("round {round}"));
    }
}

#[test]
fn sales_with_bytes_changed_at_random_are_answered() {
    let mut random = StdRng::seed_from_u64(2);
    for round in 0..12 {
        let mut bytes = csv(&sales()).into_bytes();
        for _ in 0..random.gen_range(1..60) {
            let place = random.gen_range(0..bytes.len());
            bytes[place] = random.r#gen();
        }
        let shop = Shop::new();
        shop.write("sales.csv", bytes);
        answers(&shop, &format!("round {round}"));
    }
}

#[test]
fn configurations_with_bytes_changed_at_random_are_answered() {
    let mut random = StdRng::seed_from_u64(3);
    for round in 0..24 {
        let shop = Shop::new();
        let mut bytes = std::fs::read(shop.path("segtrail.toml")).unwrap();
        let place = random.gen_range(0..bytes.len());
        bytes[place] = random.gen_range(b' '..=b'~');
        shop.write("segtrail.toml", bytes);
        answers(&shop, &format!("round {round}"));
    }
}

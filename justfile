# The recipes are the steps of .ci/run, so that a developer and CI run the same.

# Everything that CI runs, in its order.
ci:
    .ci/run

# All tests: cargo test --release.
test:
    .ci/run test

# The README's run on the data of the repository; into SEGTRAIL_MODELS where that is set.
run:
    .ci/run run

# The notebooks, on the runs in SEGTRAIL_MODELS or on fresh ones.
notebook:
    .ci/run notebook

# Format, lints and documentation.
check:
    .ci/run format lint doc deny

# Times of the clustering kernels and the models of value; on a machine that does nothing else.
bench:
    cargo bench --bench kernels --bench value --bench layers

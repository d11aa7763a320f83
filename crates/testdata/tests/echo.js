// Answers every question with itself, for the tests of src/node.rs.
process.stdin.pipe(process.stdout);

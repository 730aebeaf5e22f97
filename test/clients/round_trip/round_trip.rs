//! Reads a profile a line, and writes it again.
mod profile;

fn main() {
    for line in std::io::stdin().lines() {
        let profile: profile::Profile = serde_json::from_str(&line.unwrap()).unwrap();
        println!("{}", serde_json::to_string(&profile).unwrap());
    }
}

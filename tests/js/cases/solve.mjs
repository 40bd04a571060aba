// Reads a challenge from standard input and prints the header that answers it.
import { readFileSync } from "node:fs";
import { proofHeader, solve } from "../../../cases/static/cases/proof-of-work.js";

const challenge = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(proofHeader(challenge, await solve(challenge)));

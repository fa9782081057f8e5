// Prints what a YAML file holds, as a JSON array of its documents. Fails on anything that is not clean YAML 1.2.
import { readFileSync } from "node:fs";
import { parseAllDocuments } from "yaml";

const documents = parseAllDocuments(readFileSync(process.argv[2], "utf8"), { merge: true, strict: true });
const problems = documents.flatMap(document => [...document.errors, ...document.warnings]);
if (problems.length > 0) throw new Error(problems.map(problem => problem.message).join("\n"));
console.log(JSON.stringify(documents.map(document => document.toJS())));

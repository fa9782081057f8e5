// What the package offers; everything else is its own affair.
export { InteractionsClient } from "./client.js";
export { ServiceError } from "./errors.js";

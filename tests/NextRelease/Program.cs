using Interactions.Frontend;
using Interactions.NextRelease;

await Service.RunAsync(args, NextRules.Book);

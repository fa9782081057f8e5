using Interactions.InProcess;

return args switch
{
    ["fanout-cost", .. var rest] => await FanoutCost.RunAsync(Numbers.Parse(rest)),
    ["stream-cost", .. var rest] => await StreamCost.RunAsync(Numbers.Parse(rest)),
    ["folder-ceiling", .. var rest] => await FolderCeiling.RunAsync(Numbers.Parse(rest)),
    _ => Usage(),
};

static int Usage()
{
    Console.WriteLine("""
        Usage: dotnet run -c Release --project loadtests/InProcess -- COMMAND [--option number …]

          fanout-cost   what a tick costs besides send(2): viewers whose sinks take everything and do nothing
                        --viewers 10000  --seconds 10  --behind 0 (of 1,000 viewers, how many stall at any time)
          stream-cost   what open streams of one viewer cost: bytes each, CPU at rest, CPU and delay under load
                        --streams 15000  --rate 1000 (likes a second over all of them)  --seconds 10  --file 0 (1: on the log in a folder)
          folder-ceiling   the log of one process: how long an append takes alone and beside others, and how many it takes a second
                        --seconds 5  --batch-bytes 200
        """);
    return 2;
}

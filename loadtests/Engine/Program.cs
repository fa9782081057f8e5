using Interactions.Engine;
using Interactions.Engine.Paths;

return args switch
{
    ["paths", .. var rest] => await PathsCommand.RunAsync(Numbers.Parse(rest)),
    ["loss", .. var rest] => await LossCommand.RunAsync(Numbers.Parse(rest)),
    ["tick", .. var rest] => await TickCommand.RunAsync(Numbers.Parse(rest)),
    ["relay", .. var rest] => RelayCommand.Run(Numbers.Parse(rest)),
    ["silo", .. var rest] => await SiloProcess.RunAsync(Numbers.Parse(rest)),
    ["client", .. var rest] => await ClientProcess.RunAsync(Numbers.Parse(rest)),
    _ => Usage(),
};

static int Usage()
{
    Console.WriteLine("""
        Usage: dotnet run -c Release --project loadtests/Engine -- COMMAND [--option number …]

          paths   ways to bring what a grain decides to other processes, side by side: latency, order, CPU on either side
                  --streams 20  --rate 100 (pushes a second and stream)  --bytes 200  --clients 3  --seconds 10
          loss    the same ways when the silo with all the streams is killed: how long until pushes come again
                  --streams 10  --rate 20  --bytes 200  --clients 3  --seconds 25
          tick    one stream, many frontends that all send: batches and entries a second, and CPU
                  --rate 200 (batches a second and frontend)  --seconds 5
          relay   a model of one stream with more and more frontends, with and without relays between
                  --push-us 15  --call-us 60  --batch-us 8  --entry-us 300  --senders-percent 10  --seconds 20
        """);
    return 2;
}

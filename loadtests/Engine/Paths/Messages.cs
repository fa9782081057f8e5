namespace Interactions.Engine.Paths;

/// <summary>A way from a grain to a client in another process.</summary>
internal enum Way
{
    /// <summary>One-way calls of an observer.</summary>
    Observer,

    /// <summary>Calls of an observer, each after the answer to the one before.</summary>
    Acknowledged,

    /// <summary>Orleans Streams with the memory provider.</summary>
    MemoryStream,

    /// <summary>A broadcast channel to a grain, and one-way calls from there: only grains can subscribe to a channel.</summary>
    Broadcast,

    /// <summary>The other direction: clients call the grain, each stream's next call after the answer.</summary>
    Call,
}

/// <param name="Rate">Pushes a second and stream.</param>
/// <param name="Burst">So many at once, then a pause.</param>
/// <param name="Bytes">Of the payload.</param>
[GenerateSerializer, Immutable]
internal sealed record Plan(Way Way, int Rate, int Burst, int Bytes, int Seconds);

/// <param name="Number">Dense per stream and run, from 1.</param>
/// <param name="SentTicks">Of the machine's monotonic clock.</param>
[GenerateSerializer, Immutable]
internal sealed record Push(int Stream, long Number, long SentTicks, byte[] Body);

internal interface IPushObserver : IGrainObserver
{
    void Pushed(Push push);

    Task PushedAsync(Push push);
}

internal interface ISourceGrain : IGrainWithIntegerKey
{
    /// <summary>Where it is.</summary>
    Task<string> FindAsync();

    Task JoinAsync(int client, IPushObserver observer);

    /// <summary>Pushes as planned; does nothing while it does so already.</summary>
    Task StartAsync(Plan plan);

    Task TakeAsync(Push push);

    /// <summary>Of the last run: time in the grain's turns, in µs a push.</summary>
    Task<double> TurnMicrosecondsAsync();
}

/// <summary>What a broadcast channel can reach: a grain with the channel's key.</summary>
internal interface IChannelGrain : IGrainWithStringKey
{
    Task JoinAsync(int client, IPushObserver observer);
}

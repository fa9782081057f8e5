using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Orleans.BroadcastChannel;
using Orleans.Concurrency;
using Orleans.Streams;

namespace Interactions.Engine.Paths;

/// <summary>Pushes at a fixed pace to the clients that joined.</summary>
[Reentrant]
internal sealed class SourceGrain(ILocalSiloDetails silo, IServiceProvider services) : Grain, ISourceGrain
{
    private readonly Dictionary<int, IPushObserver> _observers = [];
    private readonly Dictionary<int, Task> _acknowledged = [];
    private Task _running = Task.CompletedTask;
    private long _turnTicks;
    private long _pushes;

    public Task<string> FindAsync() => Task.FromResult(silo.SiloAddress.ToParsableString());

    public Task JoinAsync(int client, IPushObserver observer)
    {
        _observers[client] = observer;
        return Task.CompletedTask;
    }

    public Task StartAsync(Plan plan)
    {
        if (_running.IsCompleted) _running = RunAsync(plan);
        return Task.CompletedTask;
    }

    public Task TakeAsync(Push push) => Task.CompletedTask;

    public Task<double> TurnMicrosecondsAsync() =>
        Task.FromResult(_pushes == 0 ? 0 : TimeSpan.FromSeconds((double)_turnTicks / Stopwatch.Frequency).TotalMicroseconds / _pushes);

    private async Task RunAsync(Plan plan)
    {
        await Task.Delay(Random.Shared.Next(50)); // streams are not in step
        var key = (int)this.GetPrimaryKeyLong();
        var body = new byte[plan.Bytes];
        var stream = plan.Way == Way.MemoryStream ? this.GetStreamProvider(SiloProcess.Streams).GetStream<Push>(StreamId.Create("pushes", key)) : null;
        var channel = services.GetRequiredKeyedService<IBroadcastChannelProvider>(SiloProcess.Channel).GetChannelWriter<Push>(ChannelId.Create("pushes", $"{key}"));
        (_turnTicks, _pushes) = (0, 0);
        var started = Stopwatch.GetTimestamp();
        for (var number = 0L; number < (long)plan.Rate * plan.Seconds;)
        {
            for (var i = 0; i < plan.Burst; i++)
            {
                var push = new Push(key, ++number, Stopwatch.GetTimestamp(), body);
                if (stream is not null) await stream.OnNextAsync(push);
                else if (plan.Way == Way.Broadcast) await channel.Publish(push);
                else PushToAll(push, plan.Way);
            }

            var due = started + (number * Stopwatch.Frequency / plan.Rate);
            var wait = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due);
            if (wait > TimeSpan.Zero) await Task.Delay(wait);
        }
    }

    private void PushToAll(Push push, Way way)
    {
        var began = Stopwatch.GetTimestamp();
        foreach (var (client, observer) in _observers)
        {
            if (way == Way.Observer) observer.Pushed(push);
            else _acknowledged[client] = AfterAsync(_acknowledged.GetValueOrDefault(client, Task.CompletedTask), observer, push);
        }

        _turnTicks += Stopwatch.GetTimestamp() - began;
        _pushes += _observers.Count;
    }

    private static async Task AfterAsync(Task before, IPushObserver observer, Push push)
    {
        await before;
        await observer.PushedAsync(push);
    }
}

/// <inheritdoc cref="IChannelGrain"/>
[ImplicitChannelSubscription, Reentrant]
internal sealed class ChannelGrain : Grain, IChannelGrain, IOnBroadcastChannelSubscribed
{
    private readonly Dictionary<int, IPushObserver> _observers = [];

    public Task JoinAsync(int client, IPushObserver observer)
    {
        _observers[client] = observer;
        return Task.CompletedTask;
    }

    public Task OnSubscribed(IBroadcastChannelSubscription streamSubscription) => streamSubscription.Attach<Push>(
        push =>
        {
            foreach (var observer in _observers.Values) observer.Pushed(push);
            return Task.CompletedTask;
        });
}

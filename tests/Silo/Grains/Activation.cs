using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Grains;
using Interactions.Contracts.Interactions;
using Interactions.Contracts.Log;
using Interactions.Silo.Grains;
using Interactions.Silo.Streams;
using Interactions.Silo.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Interactions.Tests.Silo.Grains;

/// <summary>One activation of a stream, in turns as a grain has them, without Orleans.</summary>
internal sealed class Activation : IDisposable
{
    private readonly TaskScheduler _turns = new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSingleton<SiloMetrics>().BuildServiceProvider();
    private readonly FrontendLeases? _ownLeases;

    public Activation(IStreamLog log, TimeProvider? time = null, FrontendLeases? leases = null, bool isAlone = false, RuleBook? book = null, Func<byte>? rules = null, UserRate? userRate = null)
    {
        time ??= TimeProvider.System;
        var metrics = _services.GetRequiredService<SiloMetrics>();
        leases ??= _ownLeases = new FrontendLeases("silo-1", time);
        Stream = new LiveStream(
            "match-7", log, new StreamOptions("eu", TimeSpan.FromSeconds(120)) { IsAlone = isAlone, Rules = book ?? RuleBook.Standard, UserRate = userRate }, leases, new ClockWatch(time, NullLogger.Instance, metrics),
            time, NullLogger.Instance, metrics, rules ?? (() => RuleBook.First), action => Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.None, _turns), () => IsLost = true, static () => { });
    }

    public LiveStream Stream { get; }

    public bool IsLost { get; private set; }

    /// <summary>Creates the stream and starts it.</summary>
    public static async Task<Activation> LiveAsync(IStreamLog log, SettingsPatch? patch = null, RuleBook? book = null, Func<byte>? rules = null, UserRate? userRate = null)
    {
        var activation = await LoadAsync(log, book: book, rules: rules, userRate: userRate);
        await activation.InTurnAsync(stream => stream.AddAsync(new Configured("ada", 42, patch ?? new SettingsPatch())));
        await activation.InTurnAsync(stream => stream.AddAsync(new StatusSet(StreamStatus.Live)));
        return activation;
    }

    public static async Task<Activation> LoadAsync(
        IStreamLog log, TimeProvider? time = null, FrontendLeases? leases = null, bool isAlone = false, RuleBook? book = null, Func<byte>? rules = null, UserRate? userRate = null)
    {
        var activation = new Activation(log, time, leases, isAlone, book, rules, userRate);
        await activation.InTurnAsync(async stream =>
        {
            await stream.LoadAsync(CancellationToken.None);
            return true;
        });
        return activation;
    }

    public Task<T> InTurnAsync<T>(Func<LiveStream, Task<T>> call) =>
        Task.Factory.StartNew(() => call(Stream), CancellationToken.None, TaskCreationOptions.None, _turns).Unwrap().WaitAsync(TimeSpan.FromSeconds(60));

    public Task<SendAnswer> SendAsync(string frontend, long sequence, params BatchItem[] items) =>
        InTurnAsync(stream => stream.SendAsync(new SendRequest(42, new Batch(frontend, sequence, 1, items))));

    public static Submitted Comment(string user, string text) => new(user, user, false, 0, new Comment(text, null));

    public Task<long> TotalAsync(string kind = "like") => InTurnAsync(stream => stream.ReadAsync(state => state.ToView().Total(kind), code => throw new InvalidOperationException(code.ToString())));

    public void Dispose()
    {
        _ownLeases?.Dispose();
        _services.Dispose();
    }
}

using Interactions.Contracts;
using Interactions.Contracts.Directory;
using Interactions.Contracts.Grains;
using Interactions.Contracts.Log;
using Interactions.Silo.Hosting;
using Interactions.Silo.Logs;
using Interactions.Silo.Streams;
using Interactions.Silo.Telemetry;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Runtime.Placement;

namespace Interactions.Silo.Grains;

/// <summary>A stream as a grain: finds its log, hosts its <see cref="LiveStream"/>, and turns failures into codes.</summary>
[Reentrant, CollectionAgeLimit(Minutes = 2)]
internal sealed class StreamGrain : Grain, IStreamGrain, IStreamNeighbours
{
    private readonly LogServers _servers;
    private readonly StreamOptions _options;
    private readonly FrontendLeases _leases;
    private readonly StreamRegister _register;
    private readonly ClockWatch _watch;
    private readonly TimeProvider _time;
    private readonly ILogger<StreamGrain> _logger;
    private readonly SiloMetrics _metrics;
    private readonly ClusterRules _rules;
    private readonly string _silo;
    private readonly StreamChanges _changes;
    private string? _store;
    private LiveStream? _stream;

    /// <summary>Why it could not be read; accepted = it was.</summary>
    private Code _failure = Code.Accepted;

    /// <summary>The rules that have to be known to read it; 0 = those that are.</summary>
    private byte _needs;

    public StreamGrain(
        LogServers servers, StreamOptions options, FrontendLeases leases, StreamRegister register, ClockWatch watch, ClusterRules rules, ILocalSiloDetails silo, TimeProvider time, ILogger<StreamGrain> logger, SiloMetrics metrics)
    {
        (_servers, _options, _leases, _register, _watch, _rules, _time, _logger, _metrics) = (servers, options, leases, register, watch, rules, time, logger, metrics);
        _silo = silo.SiloAddress.ToParsableString();
        _changes = new StreamChanges(this.GetPrimaryKeyString(), () => _stream!, _servers.Place, MoveTo, EraseAsync, this, time);
    }

    private string Id => this.GetPrimaryKeyString();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_servers.Names.Count > 1) _store = (await DirectoryOf(Id).FindAsync(Id))?.Store;
            _stream = await OpenAsync(cancellationToken);
        }
        catch (Exception failed)
        {
            // Whoever asks is told, and the next one has it read again.
            _failure = CodeOf(failed);
            if (failed is LaterRulesException later) _needs = later.Version;
            if (_failure == Code.Internal) StreamGrainMessages.LogBroken(_logger, failed, Id);
        }
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_stream is not { } stream) return;
        _register.Remove(stream);
        await stream.StopAsync();
        if (stream.Exists) await stream.SaveAsync();
    }

    public Task<StreamInfoAnswer> FindAsync() => AskAsync(
        stream => stream.ReadAsync(_ => new StreamInfoAnswer(Code.Accepted, stream.Info), static code => new StreamInfoAnswer(code)),
        static code => new StreamInfoAnswer(code));

    public Task<SendAnswer> SendAsync(SendRequest request) => AskAsync(stream => stream.SendAsync(request), SendAnswer.Refused);

    public Task<SubscribeAnswer> SubscribeAsync(SubscribeRequest request) => AskAsync(
        async stream =>
        {
            var answer = await stream.SubscribeAsync(request, _silo);
            StayActive();
            return answer;
        },
        SubscribeAnswer.Refused);

    public Task<PieceAnswer> ReadPieceAsync(string frontend, long token, int piece) =>
        AskAsync(stream => Task.FromResult(stream.ReadPiece(frontend, token, piece)), PieceAnswer.Refused);

    public Task UnsubscribeAsync(string frontend)
    {
        _stream?.Unsubscribe(frontend);
        StayActive();
        return Task.CompletedTask;
    }

    public Task<ChangeAnswer> ConfigureAsync(ConfigureRequest request) => AskAsync(_ => _changes.ConfigureAsync(request), static code => new ChangeAnswer(code));

    public Task<ChangeAnswer> SetStatusAsync(ulong creation, StreamStatus status) =>
        AskAsync(_ => _changes.SetStatusAsync(creation, status), static code => new ChangeAnswer(code));

    public Task<ChangeAnswer> DeleteAsync(ulong creation) => _failure == Code.Damaged
        ? DeleteDamagedAsync(creation)
        : AskAsync(_ => _changes.DeleteAsync(creation), static code => new ChangeAnswer(code));

    public async Task SettleAsync(DirectoryIntent intent)
    {
        if (_stream is null)
        {
            GiveUp();
            if (_failure == Code.Damaged && intent.Kind == DirectoryIntentKind.Delete)
            {
                await EraseDamagedAsync(intent.Row);
                return;
            }

            throw new LogUnavailableException($"{Id} can't be read: {_failure.Info().Meaning}");
        }

        await _changes.SettleAsync(intent);
    }

    public Task<FrameAnswer> SnapshotAsync(string? viewer) => AskAsync(stream => stream.SnapshotAsync(viewer), static code => new FrameAnswer(code));

    public Task<MeAnswer> MeAsync(string user) => AskAsync(
        stream => stream.ReadAsync(state => new MeAnswer(Code.Accepted, state.Me(user, stream.LogTimeMs)), static code => new MeAnswer(code)),
        static code => new MeAnswer(code));

    public Task<CommentsAnswer> CommentsAsync(string? before, int limit, string? viewer) => AskAsync(
        stream => stream.ReadAsync(
            state => state.Comments(before, limit, viewer) is { } comments ? new CommentsAnswer(Code.Accepted, comments) : new CommentsAnswer(Code.UnknownComment),
            static code => new CommentsAnswer(code)),
        static code => new CommentsAnswer(code));

    public Task<BansAnswer> BansAsync(string? after, int limit) => AskAsync(
        stream => stream.ReadAsync(state => new BansAnswer(Code.Accepted, state.Bans(after, limit, stream.LogTimeMs)), static code => new BansAnswer(code)),
        static code => new BansAnswer(code));

    public Task<TimelineAnswer> TimelineAsync(int stepSeconds, long? fromMs, long? toMs) => AskAsync(
        async stream =>
        {
            var (frozen, code) = await stream.ReadAsync(state => (state.FreezeTimeline(), Code.Accepted), static code => (null!, code));

            // What does not change any more is added up beside the stream.
            return code == Code.Accepted ? await Task.Run(() => new TimelineAnswer(Code.Accepted, frozen.Sum(stepSeconds, fromMs, toMs))) : new TimelineAnswer(code);
        },
        static code => new TimelineAnswer(code));

    public Task<LogAnswer> ReadLogAsync(Position after, int max, int maxBytes) => AskAsync(stream => stream.ReadLogAsync(after, max, maxBytes), LogAnswer.Refused);

    public IDirectoryGrain DirectoryOf(string stream) => GrainFactory.GetGrain<IDirectoryGrain>(DirectoryPartitions.Of(stream));

    public IUserGrain User(string user) => GrainFactory.GetGrain<IUserGrain>(user);

    // Neighbours may be on a silo that is just gone.
    private static Code CodeOf(Exception failed) => failed is OrleansException ? Code.Unavailable : LiveStream.CodeOf(failed);

    private async Task<T> AskAsync<T>(Func<LiveStream, Task<T>> ask, Func<Code, T> refuse)
    {
        if (_stream is null)
        {
            GiveUp();
            return refuse(_failure);
        }

        try
        {
            return await ask(_stream);
        }
        catch (Exception failed)
        {
            var code = CodeOf(failed);
            if (code == Code.Internal) StreamGrainMessages.LogFailed(_logger, failed, Id);
            return refuse(code);
        }
    }

    private async Task<LiveStream> OpenAsync(CancellationToken cancellationToken)
    {
        var scheduler = TaskScheduler.Current;
        var stream = new LiveStream(
            Id, _servers.Of(_store), _options, _leases, _watch, _time, _logger, _metrics, () => _rules.Version,
            enter: action => Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.None, scheduler),
            lost: DeactivateOnIdle, left: StayActive);
        await stream.LoadAsync(cancellationToken);
        _register.Add(stream, GrainContext);
        return stream;
    }

    // Another activation reads it, perhaps on a silo of a later version.
    private void GiveUp()
    {
        if (_needs == 0)
        {
            DeactivateOnIdle();
        }
        else if (_rules.SiloThatKnows(_needs) is { } other)
        {
            RequestContext.Set(IPlacementDirector.PlacementHintKey, other);
            MigrateOnIdle();
        }
        else
        {
            StreamGrainMessages.LogUnknownRules(_logger, Id, _needs);
            DeactivateOnIdle();
        }
    }

    // Frontends with viewers need not call, and it is there for them.
    private void StayActive() => DelayDeactivation(_stream is { SubscriberCount: > 0 } ? TimeSpan.MaxValue : TimeSpan.Zero);

    private void MoveTo(string? store)
    {
        if (store is null || store == _store) return;
        _store = store;
        _register.Remove(_stream!);
        _stream = new LiveStream(
            Id, _servers.Of(_store), _options, _leases, _watch, _time, _logger, _metrics, () => _rules.Version, _stream!.Enter, DeactivateOnIdle, StayActive);
        _register.Add(_stream, GrainContext);
    }

    private async Task<bool> EraseAsync()
    {
        var erased = _stream!;
        if (!await erased.EraseAsync()) return false;
        _register.Remove(erased);
        _stream = await OpenAsync(CancellationToken.None); // its id is free
        StayActive();
        return true;
    }

    // What can't be read can still go.
    private async Task<ChangeAnswer> DeleteDamagedAsync(ulong creation)
    {
        DeactivateOnIdle();
        try
        {
            if (await DirectoryOf(Id).FindAsync(Id) is not { } row || row.Creation != creation) return new ChangeAnswer(Code.NotFound);
            if (!await DirectoryOf(Id).BeginAsync(new DirectoryIntent(Epochs.New(), DirectoryIntentKind.Delete, row))) return new ChangeAnswer(Code.NotFound);
            await EraseDamagedAsync(row);
            return new ChangeAnswer(Code.Accepted);
        }
        catch (Exception failed)
        {
            return new ChangeAnswer(CodeOf(failed));
        }
    }

    private async Task EraseDamagedAsync(DirectoryRow row)
    {
        await _servers.Of(_store).DeleteAsync(Id, null);
        await DirectoryOf(Id).FinishDeletionAsync(Id, row.Creation);
        await User(row.Owner).ReleaseAsync(Id);
        _failure = Code.NotFound; // until another activation reads that its id is free
    }
}

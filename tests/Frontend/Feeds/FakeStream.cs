using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Directory;
using Interactions.Contracts.Effects;
using Interactions.Contracts.Grains;
using Interactions.Contracts.Views;

namespace Interactions.Tests.Frontend.Feeds;

/// <summary>A stream's grain in memory: entries, one subscriber, and each frontend's last batch.</summary>
internal sealed class FakeStream(string id) : IStreamGrain
{
    private readonly Lock _lock = new();
    private readonly List<EntryEffects> _entries = [];
    private readonly List<SendRequest> _tries = [];
    private readonly List<Batch> _batches = [];
    private readonly List<SubscribeRequest> _subscriptions = [];
    private readonly List<(long Token, IReadOnlyList<FeedContent> Pieces)> _contents = [];
    private readonly List<int> _piecesRead = [];
    private SendAnswer? _last;
    private int _lostAnswers;
    private int _finds;

    public ulong Creation { get; set; } = 7;

    public string Silo { get; set; } = "silo-1";

    public string Epoch { get; private set; } = Epochs.New(1_000);

    /// <summary>What every call answers, if not accepted.</summary>
    public Code Code { get; set; } = Code.Accepted;

    public bool IsAway { get; set; }

    public bool Tap { get; set; } = true;

    public bool CountsViewers { get; set; } = true;

    /// <summary>Not null: calls to send wait for it.</summary>
    public Task? Gate { get; set; }

    /// <summary>Not null: calls to subscribe wait for it, after what they answer is settled.</summary>
    public Task? SubscribeGate { get; set; }

    /// <summary>What is larger is given in pieces.</summary>
    public int PieceBytes { get; set; } = int.MaxValue;

    /// <summary>Not null: called with each piece that is asked for, before it is answered.</summary>
    public Func<int, Task>? OnPiece { get; set; }

    /// <summary>Which pieces were asked for.</summary>
    public IReadOnlyList<int> PiecesRead => Copy(_piecesRead);

    public int Unsubscribed { get; private set; }

    public IFeedObserver? Observer { get; private set; }

    public long Head { get; private set; }

    public int Finds => Volatile.Read(ref _finds);

    /// <summary>Each try of each batch.</summary>
    public IReadOnlyList<SendRequest> Tries => Copy(_tries);

    /// <summary>Each batch that was taken.</summary>
    public IReadOnlyList<Batch> Batches => Copy(_batches);

    public IReadOnlyList<SubscribeRequest> Subscriptions => Copy(_subscriptions);

    public IEnumerable<BatchItem> Items => Batches.SelectMany(batch => batch.Items);

    /// <summary>That many batches are taken, and their answers are lost.</summary>
    public void LoseAnswers(int count) => _lostAnswers = count;

    /// <summary>An entry, which is not pushed.</summary>
    public FeedPush Append(params ViewEffect[] effects)
    {
        lock (_lock)
        {
            var entry = new EntryEffects(new Position(Epoch, ++Head), 1_000_000 + Head, 0, effects);
            _entries.Add(entry);
            return new FeedPush(id, entry);
        }
    }

    public FeedPush Like(int count = 1) => Append(new TotalChanged("like", count, Likes += count));

    public long Likes { get; private set; }

    public void Push(FeedPush push) => Observer!.Pushed(push);

    /// <summary>Another life of the log begins after that offset: what was behind it is lost.</summary>
    public void BeginLife(long after)
    {
        lock (_lock)
        {
            Epoch = Epochs.New(2_000, Epoch);
            Head = after;
            _entries.Clear();
        }
    }

    public async Task<StreamInfoAnswer> FindAsync()
    {
        Interlocked.Increment(ref _finds);
        await Task.Yield();
        Answer();
        return new(Code, Code == Code.Accepted ? new(id, Creation, "ada", StreamStatus.Live, Tap) : null);
    }

    public async Task<SendAnswer> SendAsync(SendRequest request)
    {
        lock (_lock) _tries.Add(request);
        if (Gate is { } gate) await gate;
        Answer();
        if (Code != Code.Accepted) return SendAnswer.Refused(Code);
        if (request.Creation != Creation) return SendAnswer.Refused(Code.NotFound);
        lock (_lock)
        {
            var last = _batches.Count > 0 ? _batches[^1] : null;
            if (request.Batch.Sequence < last?.Sequence) return SendAnswer.Refused(Code.Unavailable);
            if (request.Batch.Sequence != last?.Sequence)
            {
                _batches.Add(request.Batch);
                var position = new Position(Epoch, 100 + _batches.Count);
                _last = new(Code.Accepted, [.. request.Batch.Items.Select((_, index) => ItemResult.Accepted(position, index))]);
            }

            if (_lostAnswers-- > 0) throw new TimeoutException("The answer is lost.");
            return _last!;
        }
    }

    public async Task<SubscribeAnswer> SubscribeAsync(SubscribeRequest request)
    {
        SubscribeAnswer answer;
        lock (_lock)
        {
            _subscriptions.Add(request);
            Answer();
            if (Code != Code.Accepted) return SubscribeAnswer.Refused(Code);
            Observer = request.Observer;
            var pieces = ContentAfter(request.From).Split(PieceBytes);
            _contents.Add((_contents.Count, pieces));
            answer = new(Code.Accepted, Creation, Silo, pieces[0], default, CountsViewers, pieces.Count, _contents.Count - 1);
        }

        if (SubscribeGate is { } gate) await gate;
        return answer;
    }

    /// <summary>No piece of what was answered is kept any more.</summary>
    public void DropPieces()
    {
        lock (_lock) _contents[^1] = _contents[^1] with { Token = -1 };
    }

    public async Task<PieceAnswer> ReadPieceAsync(string frontend, long token, int piece)
    {
        lock (_lock) _piecesRead.Add(piece);
        if (OnPiece is { } asked) await asked(piece);
        lock (_lock)
        {
            var content = _contents.Find(content => content.Token == token);
            return content.Pieces is null ? PieceAnswer.Refused(Code.Trimmed) : new(Code.Accepted, content.Pieces[piece]);
        }
    }

    public Task UnsubscribeAsync(string frontend)
    {
        Unsubscribed++;
        return Task.CompletedTask;
    }

    private FeedContent ContentAfter(Position from)
    {
        if (from.Epoch == Epoch && from.Offset <= Head) return new(null, from, [.. _entries.Where(entry => entry.Position.Offset > from.Offset)]);
        var (head, settings) = (new Position(Epoch, Head), StreamSettings.Default with { Tap = Tap });
        return new(new(head, 1_000_000 + Head, 0, [new SettingsChanged(settings, "ada", true), new LifecycleChanged(StreamStatus.Live, 1, 0), new TotalChanged("like", 0, Likes), new RosterOpened([])]), head, []);
    }

    private void Answer()
    {
        if (IsAway) throw new TimeoutException("The silo does not answer.");
    }

    private IReadOnlyList<T> Copy<T>(List<T> list)
    {
        lock (_lock) return [.. list];
    }

    public Task<ChangeAnswer> ConfigureAsync(ConfigureRequest request) => throw new NotSupportedException();

    public Task<ChangeAnswer> SetStatusAsync(ulong creation, StreamStatus status) => throw new NotSupportedException();

    public Task<ChangeAnswer> DeleteAsync(ulong creation) => throw new NotSupportedException();

    public Task SettleAsync(DirectoryIntent intent) => throw new NotSupportedException();

    public Task<FrameAnswer> SnapshotAsync(string? viewer) => throw new NotSupportedException();

    public Task<MeAnswer> MeAsync(string user) => throw new NotSupportedException();

    public Task<CommentsAnswer> CommentsAsync(string? before, int limit, string? viewer) => throw new NotSupportedException();

    public Task<BansAnswer> BansAsync(string? after, int limit) => throw new NotSupportedException();

    public Task<TimelineAnswer> TimelineAsync(int stepSeconds, long? fromMs, long? toMs) => throw new NotSupportedException();

    public Task<LogAnswer> ReadLogAsync(Position after, int max, int maxBytes) => throw new NotSupportedException();
}

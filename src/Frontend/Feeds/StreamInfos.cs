using Interactions.Contracts;
using Interactions.Contracts.Grains;
using Interactions.Contracts.Log;

namespace Interactions.Frontend.Feeds;

/// <summary>
/// What streams without a feed said of themselves less than 1 s ago. One call a stream is under way; that a stream is not there is
/// not remembered. Safe for concurrent callers.
/// </summary>
internal sealed class StreamInfos(IGrains grains, FeedOptions options, TimeProvider time)
{
    private static readonly TimeSpan Keep = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Lookup> _lookups = new(StringComparer.Ordinal);

    public async Task<StreamInfo?> FindAsync(string id, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (lookup, isOwn) = Begin(id);
            if (isOwn) _ = RunAsync(id, lookup);
            StreamInfoAnswer answer;
            try
            {
                answer = await lookup.Answer.Task.WaitAsync(options.AnswerWithin, time, cancellationToken);
            }
            catch (TimeoutException)
            {
                throw Failure(Code.Unavailable);
            }

            // Somebody else asked before this call began, and the stream may have been created since.
            if (answer.Code == Code.NotFound && !isOwn) continue;
            return answer.Code switch
            {
                Code.Accepted => answer.Info,
                Code.NotFound => null,
                var code => throw Failure(code),
            };
        }
    }

    public void Forget(string id)
    {
        lock (_lock) _lookups.Remove(id);
    }

    /// <summary>Drops what is too old.</summary>
    public void Prune()
    {
        lock (_lock)
        {
            foreach (var (id, lookup) in _lookups)
            {
                if (IsOld(lookup)) _lookups.Remove(id);
            }
        }
    }

    /// <summary>What callers are told when a stream answers with a code that is none of theirs.</summary>
    public static Exception Failure(Code code) => code switch
    {
        Code.Damaged => new LogDamagedException(code.Info().Meaning),
        Code.Internal => new InvalidOperationException("The stream can't be folded."),
        _ => new LogUnavailableException("The stream did not answer in time."),
    };

    private (Lookup Lookup, bool IsOwn) Begin(string id)
    {
        lock (_lock)
        {
            if (_lookups.TryGetValue(id, out var known) && !IsOld(known)) return (known, false);
            var lookup = new Lookup();
            _lookups[id] = lookup;
            return (lookup, true);
        }
    }

    private bool IsOld(Lookup lookup) => lookup.Answer.Task.IsCompleted && time.GetElapsedTime(lookup.AskedAt) >= Keep;

    private async Task RunAsync(string id, Lookup lookup)
    {
        var began = time.GetTimestamp();
        BackOff pause = default;
        while (true)
        {
            lookup.AskedAt = time.GetTimestamp();
            var answer = await TryAsync(id);
            var isFinal = answer.Code != Code.Unavailable || time.GetElapsedTime(began) >= options.AnswerWithin;
            if (isFinal && answer.Code != Code.Accepted) Forget(id, lookup);
            if (isFinal)
            {
                lookup.Answer.SetResult(answer);
                return;
            }

            await Task.Delay(pause.Next(), time);
        }
    }

    private void Forget(string id, Lookup lookup)
    {
        lock (_lock)
        {
            if (_lookups.TryGetValue(id, out var current) && current == lookup) _lookups.Remove(id);
        }
    }

    private async Task<StreamInfoAnswer> TryAsync(string id)
    {
        try
        {
            return await grains.Stream(id).FindAsync();
        }
        catch (Exception)
        {
            // The grain could not be asked.
            return new StreamInfoAnswer(Code.Unavailable);
        }
    }

    private sealed class Lookup
    {
        /// <summary>When the call began whose answer this is.</summary>
        public long AskedAt { get; set; }

        public TaskCompletionSource<StreamInfoAnswer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

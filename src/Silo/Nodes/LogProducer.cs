using Interactions.Contracts;
using Interactions.Contracts.Log;
using Interactions.Silo.Telemetry;

namespace Interactions.Silo.Nodes;

/// <summary>
/// One process's chain of appends to one stream: every batch once, in order, whatever has to be retried.
/// Not for concurrent callers: the next append starts when the one before is known.
/// </summary>
/// <param name="dueMs">Log time by real time; see <see cref="AppendRequest.DueMs"/>.</param>
internal sealed class LogProducer(IStreamLog log, string stream, TimeProvider time, SiloMetrics? metrics = null, Func<long>? dueMs = null)
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(1);
    private long _last;
    private Position? _lastAt;

    public string Id { get; } = $"p-{Epochs.New()}";

    /// <summary>The sequence that the next append will carry.</summary>
    public long Next => _last + 1;

    /// <summary>Appends; while the outcome is unknown it retries the same sequence.</summary>
    /// <exception cref="LogFullException">Nothing was taken.</exception>
    /// <exception cref="ProducerRefusedException">The stream's log does not know this chain: it was deleted or began anew.</exception>
    public async Task<AppendResult> AppendAsync(ReadOnlyMemory<byte> batch, CancellationToken cancellationToken)
    {
        var request = new AppendRequest(Id, _last, _last + 1, batch) { PreviousAt = _lastAt };
        var isUnknown = false;
        for (var wait = FirstRetry; ; wait = wait * 2 < LastRetry ? wait * 2 : LastRetry)
        {
            var started = time.GetTimestamp();
            var outcome = "failed";
            try
            {
                var result = await log.AppendAsync(stream, dueMs is null ? request : request with { DueMs = dueMs() }, cancellationToken);
                outcome = result.Status switch { AppendStatus.Taken => "taken", AppendStatus.Refused => "refused", _ => "repeated" };
                if (result.Status == AppendStatus.Refused) throw new ProducerRefusedException(stream);
                (_last, _lastAt) = (request.Sequence, result.Position);
                return result;
            }
            catch (LogFullException)
            {
                outcome = "full";

                // An earlier try may still arrive, so this sequence can't be given to another batch.
                if (!isUnknown) throw;
            }
            catch (LogUnavailableException)
            {
                outcome = "unavailable";
                isUnknown = true;
            }
            finally
            {
                metrics?.AppendEnded(outcome, time.GetElapsedTime(started));
            }

            await Task.Delay(wait, time, cancellationToken);
        }
    }
}

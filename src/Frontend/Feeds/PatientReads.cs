using Interactions.Contracts.Log;
using Orleans.Runtime;

namespace Interactions.Frontend.Feeds;

/// <summary>
/// Reads of grains, asked again while their silo is on the way out or their log away: a grain moves in a second or two, and nobody has to
/// see that.
/// </summary>
/// <param name="within">How long a read is tried.</param>
internal sealed class PatientReads(TimeSpan within, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <param name="isUnavailable">Whether an answer says that it can't be told now.</param>
    public async Task<T> AskAsync<T>(Func<Task<T>> ask, Func<T, bool> isUnavailable)
    {
        var since = time.GetTimestamp();
        while (true)
        {
            try
            {
                var answer = await ask();
                if (!isUnavailable(answer) || time.GetElapsedTime(since) >= within) return answer;
            }
            catch (Exception failed) when (failed is OrleansException or TimeoutException or LogUnavailableException && time.GetElapsedTime(since) < within)
            {
                // It is asked again.
            }

            await Task.Delay(Pause, time);
        }
    }
}

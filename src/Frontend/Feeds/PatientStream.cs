using Interactions.Contracts;
using Interactions.Contracts.Directory;
using Interactions.Contracts.Grains;
using Orleans.Runtime;

namespace Interactions.Frontend.Feeds;

/// <summary>
/// A stream's grain whose reads are asked again while its silo is on the way out or its log away: a stream moves in a second or two, and
/// nobody has to see that. What changes something is passed on as it is.
/// </summary>
/// <param name="within">How long a read is tried.</param>
internal sealed class PatientStream(IStreamGrain stream, TimeSpan within, TimeProvider time) : IStreamGrain
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public Task<StreamInfoAnswer> FindAsync() => AskAsync(stream.FindAsync, static answer => answer.Code);

    public Task<SendAnswer> SendAsync(SendRequest request) => stream.SendAsync(request);

    public Task<SubscribeAnswer> SubscribeAsync(SubscribeRequest request) => stream.SubscribeAsync(request);

    public Task UnsubscribeAsync(string frontend) => stream.UnsubscribeAsync(frontend);

    public Task<ChangeAnswer> ConfigureAsync(ConfigureRequest request) => stream.ConfigureAsync(request);

    public Task<ChangeAnswer> SetStatusAsync(ulong creation, StreamStatus status) => stream.SetStatusAsync(creation, status);

    public Task<ChangeAnswer> DeleteAsync(ulong creation) => stream.DeleteAsync(creation);

    public Task SettleAsync(DirectoryIntent intent) => stream.SettleAsync(intent);

    public Task<FrameAnswer> SnapshotAsync(string? viewer) => AskAsync(() => stream.SnapshotAsync(viewer), static answer => answer.Code);

    public Task<MeAnswer> MeAsync(string user) => AskAsync(() => stream.MeAsync(user), static answer => answer.Code);

    public Task<CommentsAnswer> CommentsAsync(string? before, int limit, string? viewer) =>
        AskAsync(() => stream.CommentsAsync(before, limit, viewer), static answer => answer.Code);

    public Task<BansAnswer> BansAsync(string? after, int limit) => AskAsync(() => stream.BansAsync(after, limit), static answer => answer.Code);

    public Task<TimelineAnswer> TimelineAsync(int stepSeconds, long? fromMs, long? toMs) =>
        AskAsync(() => stream.TimelineAsync(stepSeconds, fromMs, toMs), static answer => answer.Code);

    public Task<LogAnswer> ReadLogAsync(Position after, int max, int maxBytes) => AskAsync(() => stream.ReadLogAsync(after, max, maxBytes), static answer => answer.Code);

    private async Task<T> AskAsync<T>(Func<Task<T>> ask, Func<T, Code> codeOf)
    {
        var since = time.GetTimestamp();
        while (true)
        {
            try
            {
                var answer = await ask();
                if (codeOf(answer) != Code.Unavailable || time.GetElapsedTime(since) >= within) return answer;
            }
            catch (Exception failed) when (failed is OrleansException or TimeoutException && time.GetElapsedTime(since) < within)
            {
                // It is asked again.
            }

            await Task.Delay(Pause, time);
        }
    }
}

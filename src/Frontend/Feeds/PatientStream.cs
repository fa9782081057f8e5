using Interactions.Contracts;
using Interactions.Contracts.Directory;
using Interactions.Contracts.Grains;

namespace Interactions.Frontend.Feeds;

/// <summary>A stream's grain whose reads are <see cref="PatientReads"/>. What changes something is passed on as it is.</summary>
internal sealed class PatientStream(IStreamGrain stream, PatientReads reads) : IStreamGrain
{
    public Task<StreamInfoAnswer> FindAsync() => AskAsync(stream.FindAsync, static answer => answer.Code);

    public Task<SendAnswer> SendAsync(SendRequest request) => stream.SendAsync(request);

    public Task<SubscribeAnswer> SubscribeAsync(SubscribeRequest request) => stream.SubscribeAsync(request);

    public Task<PieceAnswer> ReadPieceAsync(string frontend, long token, int piece) => AskAsync(() => stream.ReadPieceAsync(frontend, token, piece), static answer => answer.Code);

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

    private Task<T> AskAsync<T>(Func<Task<T>> ask, Func<T, Code> codeOf) => reads.AskAsync(ask, answer => codeOf(answer) == Code.Unavailable);
}

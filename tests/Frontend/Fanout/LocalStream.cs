using Interactions.Contracts;
using Interactions.Contracts.Directory;
using Interactions.Contracts.Grains;
using Interactions.Tests.Silo.Grains;

namespace Interactions.Tests.Frontend.Fanout;

/// <summary>A stream's activation, called as frontends call a grain.</summary>
internal sealed class LocalStream(Activation activation) : IStreamGrain
{
    public Task<StreamInfoAnswer> FindAsync() => activation.InTurnAsync(stream => Task.FromResult(new StreamInfoAnswer(Code.Accepted, stream.Info)));

    public Task<SendAnswer> SendAsync(SendRequest request) => activation.InTurnAsync(stream => stream.SendAsync(request));

    public Task<SubscribeAnswer> SubscribeAsync(SubscribeRequest request) => activation.InTurnAsync(stream => stream.SubscribeAsync(request, LocalGrains.SiloAddress));

    public Task<PieceAnswer> ReadPieceAsync(string frontend, long token, int piece) => activation.InTurnAsync(stream => Task.FromResult(stream.ReadPiece(frontend, token, piece)));

    public Task UnsubscribeAsync(string frontend) => activation.InTurnAsync(stream =>
    {
        stream.Unsubscribe(frontend);
        return Task.FromResult(true);
    });

    public Task<ChangeAnswer> ConfigureAsync(ConfigureRequest request) => throw new NotSupportedException();

    public Task<ChangeAnswer> SetStatusAsync(ulong creation, StreamStatus status) => throw new NotSupportedException();

    public Task<ChangeAnswer> DeleteAsync(ulong creation) => throw new NotSupportedException();

    public Task SettleAsync(DirectoryIntent intent) => throw new NotSupportedException();

    public Task<FrameAnswer> SnapshotAsync(string? viewer) => activation.InTurnAsync(stream => stream.SnapshotAsync(viewer));

    public Task<MeAnswer> MeAsync(string user) => throw new NotSupportedException();

    public Task<CommentsAnswer> CommentsAsync(string? before, int limit, string? viewer) => throw new NotSupportedException();

    public Task<BansAnswer> BansAsync(string? after, int limit) => throw new NotSupportedException();

    public Task<TimelineAnswer> TimelineAsync(int stepSeconds, long? fromMs, long? toMs) => throw new NotSupportedException();

    public Task<LogAnswer> ReadLogAsync(Position after, int max, int maxBytes) => activation.InTurnAsync(stream => stream.ReadLogAsync(after, max, maxBytes));
}

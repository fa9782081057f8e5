using System.Text;
using Interactions.Contracts;
using Interactions.Contracts.Directory;
using Interactions.Contracts.Grains;

namespace Interactions.Tests.Frontend.Api;

/// <summary>A stream's grain that answers as a test says, and has one owner at a time.</summary>
internal sealed class ScriptedStream : IStreamGrain
{
    /// <summary>What is there; null = nothing is.</summary>
    public StreamInfo? Info { get; set; }

    /// <summary>What it answers instead; accepted = what is asked for.</summary>
    public Code Code { get; set; }

    /// <summary>Called before a change is looked at: what another did meanwhile.</summary>
    public Action Meanwhile { get; set; } = () => { };

    public ulong? Deleted { get; private set; }

    private Code Answer => Code != Code.Accepted ? Code : Info is null ? Code.NotFound : Code.Accepted;

    public Task<StreamInfoAnswer> FindAsync() => Task.FromResult(new StreamInfoAnswer(Answer, Answer == Code.Accepted ? Info : null));

    public Task<ChangeAnswer> ConfigureAsync(ConfigureRequest request)
    {
        Meanwhile();
        if (request.Creation == 0 && Info is not null) return Task.FromResult(new ChangeAnswer(Code.Conflict));
        if (request.Creation != 0 && request.Creation != Info?.Creation) return Task.FromResult(new ChangeAnswer(Code.NotFound));
        Info ??= new StreamInfo("match-7", 7, request.User, StreamStatus.Created, Tap: true);
        return Task.FromResult(new ChangeAnswer(Code.Accepted, Info));
    }

    public Task<ChangeAnswer> SetStatusAsync(ulong creation, StreamStatus status) =>
        Task.FromResult(new ChangeAnswer(Info!.Status > status ? Code.Conflict : Code.Accepted, Info = Info with { Status = status }));

    public Task<ChangeAnswer> DeleteAsync(ulong creation)
    {
        Deleted = creation;
        return Task.FromResult(new ChangeAnswer(Code.Accepted));
    }

    public Task<FrameAnswer> SnapshotAsync(string? viewer) =>
        Task.FromResult(Answer == Code.Accepted ? new FrameAnswer(Answer, Encoding.ASCII.GetBytes($"{{\"owner\":\"{Info!.Owner}\"}}"), Info) : new FrameAnswer(Answer));

    public Task<SendAnswer> SendAsync(SendRequest request) => throw new NotSupportedException();

    public Task<SubscribeAnswer> SubscribeAsync(SubscribeRequest request) => throw new NotSupportedException();

    public Task<PieceAnswer> ReadPieceAsync(string frontend, long token, int piece) => throw new NotSupportedException();

    public Task UnsubscribeAsync(string frontend) => throw new NotSupportedException();

    public Task SettleAsync(DirectoryIntent intent) => throw new NotSupportedException();

    public Task<MeAnswer> MeAsync(string user) => throw new NotSupportedException();

    public Task<CommentsAnswer> CommentsAsync(string? before, int limit, string? viewer) => throw new NotSupportedException();

    public Task<BansAnswer> BansAsync(string? after, int limit) => throw new NotSupportedException();

    public Task<TimelineAnswer> TimelineAsync(int stepSeconds, long? fromMs, long? toMs) => throw new NotSupportedException();

    public Task<LogAnswer> ReadLogAsync(Position after, int max, int maxBytes) => throw new NotSupportedException();
}

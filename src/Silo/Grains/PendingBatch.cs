using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Grains;

namespace Interactions.Silo.Grains;

/// <summary>A batch that waits for its entry, and who waits for what becomes of it.</summary>
internal sealed class PendingBatch(Batch batch, string? trace = null)
{
    private readonly TaskCompletionSource<SendAnswer> _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Batch Batch => batch;

    public string? Trace => trace;

    public Task<SendAnswer> Answered => _answered.Task;

    public void Answer(ItemResult[] results) => _answered.TrySetResult(new SendAnswer(Code.Accepted, results));

    public void Refuse(Code code) => _answered.TrySetResult(SendAnswer.Refused(code));
}

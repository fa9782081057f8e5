using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Interactions.Frontend.Transports.Listener;

/// <summary>
/// A connection's input whose end shows when all that came before it was looked at. A pipe shows it along with the last bytes, which Kestrel
/// takes for a body that was cut short, even when they are all of it.
/// </summary>
internal sealed class LateEnd(PipeReader inner) : PipeReader
{
    private ReadOnlySequence<byte> _shown;
    private long _examined;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) => Show(await inner.ReadAsync(cancellationToken));

    public override bool TryRead(out ReadResult result)
    {
        if (!inner.TryRead(out result)) return false;
        result = Show(result);
        return true;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        _examined = _shown.Slice(consumed, examined).Length;
        _shown = default;
        inner.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead() => inner.CancelPendingRead();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);

    private ReadResult Show(in ReadResult result)
    {
        _shown = result.Buffer;
        return result.IsCompleted && result.Buffer.Length > _examined ? new ReadResult(result.Buffer, result.IsCanceled, isCompleted: false) : result;
    }
}

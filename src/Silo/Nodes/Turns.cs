using Interactions.Contracts.Log;

namespace Interactions.Silo.Nodes;

/// <summary>Lets one caller at a time in for each stream, in no promised order. Safe for concurrent callers.</summary>
internal sealed class Turns(TimeSpan patience, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Turn> _turns = new(StringComparer.Ordinal);

    /// <summary>Waits for the turn; disposing what is returned ends it.</summary>
    /// <exception cref="LogUnavailableException">Another one took too long.</exception>
    public async Task<IDisposable> EnterAsync(string id)
    {
        Turn? turn;
        lock (_lock)
        {
            if (!_turns.TryGetValue(id, out turn)) turn = _turns[id] = new Turn(this, id);
            turn.Callers++;
        }

        using var late = new CancellationTokenSource(patience, time);
        try
        {
            await turn.Free.WaitAsync(late.Token);
            return turn;
        }
        catch (OperationCanceledException waited)
        {
            Leave(turn);
            throw new LogUnavailableException("Another change of the stream is under way.", waited);
        }
    }

    private void Leave(Turn turn)
    {
        lock (_lock)
        {
            if (--turn.Callers == 0) _turns.Remove(turn.Id);
        }
    }

    private sealed class Turn(Turns turns, string id) : IDisposable
    {
        public string Id => id;

        public SemaphoreSlim Free { get; } = new(1);

        public int Callers { get; set; }

        public void Dispose()
        {
            Free.Release();
            turns.Leave(this);
        }
    }
}

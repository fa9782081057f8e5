using Interactions.Tests.EndToEnd.Harness;
using Xunit;

namespace Interactions.Tests.EndToEnd.Observability;

/// <summary>Waits for what another process shows only when asked.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Limit = Busy.Patience;

    public static async Task TrueAsync(Func<Task<bool>> condition, string what)
    {
        using var late = new CancellationTokenSource(Limit);
        while (!await condition())
        {
            if (late.IsCancellationRequested) Assert.Fail($"Waited {Limit.TotalSeconds} s for {what}.");
            await Task.Delay(20, CancellationToken.None);
        }
    }
}

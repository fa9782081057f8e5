using Xunit;

namespace Interactions.Tests.Silo.Hosting;

/// <summary>For what other processes or timers bring about.</summary>
internal static class Eventually
{
    public static async Task TrueAsync(Func<Task<bool>> isSo, int seconds = 20)
    {
        var until = DateTime.UtcNow.AddSeconds(seconds);
        while (!await isSo())
        {
            Assert.True(DateTime.UtcNow < until, $"It did not become so within {seconds} s.");
            await Task.Delay(20);
        }
    }
}

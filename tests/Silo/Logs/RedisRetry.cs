using Interactions.Contracts.Log;

namespace Interactions.Tests.Silo.Logs;

/// <summary>Asks again, as a silo does, while a server is on its way back.</summary>
internal static class RedisRetry
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task<T> UntilAnsweredAsync<T>(Func<Task<T>> ask)
    {
        T? answer = default;
        await UntilAsync(async () =>
        {
            try
            {
                answer = await ask();
                return true;
            }
            catch (LogUnavailableException)
            {
                return false;
            }
        });
        return answer!;
    }

    public static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        var until = DateTime.UtcNow + Patience;
        while (!await isSo())
        {
            if (DateTime.UtcNow > until) throw new TimeoutException("Redis did not answer.");
            await Task.Delay(20);
        }
    }
}

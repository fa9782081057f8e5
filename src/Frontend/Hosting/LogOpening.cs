using Interactions.Contracts.Log;
using Interactions.Frontend.Settings;
using Interactions.Silo.Logs;
using Interactions.Silo.Logs.Memory;
using Interactions.Silo.Logs.Redis;
using Interactions.Silo.Logs.Rocks;

namespace Interactions.Frontend.Hosting;

/// <summary>Opens the log that the settings name.</summary>
internal static class LogOpening
{
    /// <exception cref="LogRefusedException">The data folder can't be used.</exception>
    /// <exception cref="LogDamagedException">What it holds is not what was written.</exception>
    public static LogServers Open(LogSettings settings, TimeProvider time, ILoggerFactory loggers) => settings.Kind switch
    {
        LogKind.Memory => new LogServers(new MemoryLog()),
        LogKind.Redis => new LogServers([.. settings.Redis.Select(server => KeyValuePair.Create(server.Name, (IStreamLog)OpenRedis(settings, server, time, loggers)))]),
        _ => new LogServers(RocksLog.Open(new RocksLogOptions { Path = settings.Path, KeepHours = settings.KeepHours }, time, loggers.CreateLogger<RocksLog>())),
    };

    private static RedisLog OpenRedis(LogSettings settings, RedisAddress server, TimeProvider time, ILoggerFactory loggers) => RedisLog.Open(
        new RedisLogOptions(server.Server) { Password = settings.RedisPassword, Tls = settings.RedisTls, KeepHours = settings.KeepHours },
        time, loggers.CreateLogger<RedisLog>());
}

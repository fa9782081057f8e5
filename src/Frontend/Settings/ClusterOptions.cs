using System.Net;
using System.Security.Cryptography;
using Interactions.Silo.Hosting;
using StackExchange.Redis;

namespace Interactions.Frontend.Settings;

/// <summary><c>Cluster:*</c>: which cluster this process belongs to, and as what. Without <c>Cluster:Redis</c> it is the whole cluster.</summary>
/// <param name="Role">What it is.</param>
/// <param name="Network">How the processes of the cluster find and trust each other.</param>
/// <param name="Endpoint">Where a silo is to be found.</param>
/// <param name="Dashboard">Whether Orleans' dashboard is measured for and shown.</param>
internal sealed record ClusterOptions(ClusterRole Role, ClusterNetwork Network, SiloEndpoint Endpoint, bool Dashboard = false)
{
    private const string DefaultId = "interactions";
    private const int DefaultSiloPort = 11111;
    private const int DefaultGatewayPort = 30000;
    private const int LongestId = 64;

    /// <summary>Whether no other process belongs to it.</summary>
    public bool IsAlone => Network.Redis is null;

    /// <summary>Whether streams live in this process.</summary>
    public bool HasSilo => Role != ClusterRole.Frontend;

    /// <summary>Whether viewers come to this process.</summary>
    public bool HasFrontend => Role != ClusterRole.Silo;

    internal static ClusterOptions Read(OptionReader read, LogSettings log)
    {
        var role = read.Choice("Cluster:Role", ClusterRole.All);
        var id = read.Text("Cluster:Id") ?? DefaultId;
        if (id.Length > LongestId || !id.All(one => char.IsAsciiLetterOrDigit(one) || one is '-' or '_' or '.'))
            read.Refuse("Cluster:Id", $"has to be 1-{LongestId} of A-Z a-z 0-9 - _ .");
        var redis = ReadRedis(read);
        var certificate = ReadCertificate(read);
        var endpoint = ReadEndpoint(read);
        var isInsecure = read.Flag("Cluster:Insecure", false);
        if (redis is null)
        {
            if (role != ClusterRole.All && read.List("Cluster:Redis").Count == 0)
                read.Refuse("Cluster:Redis", $"has to name the Redis where the cluster's silos are listed, host:port, when Cluster:Role is {role}");
        }
        else if (role != ClusterRole.Frontend)
        {
            if (log.Kind != LogKind.Redis) read.Refuse("Log:Kind", $"has to be Redis when Cluster:Redis is set, for all silos share one log; it is {log.Kind}");
            if (!IPAddress.IsLoopback(endpoint.Address) && certificate is null && !isInsecure)
                read.Refuse("Cluster:Certificate", $"has to be set, for silos at {endpoint.Address} can be reached over the network: whoever reaches them may do anything. Where nobody else does, set Cluster:Insecure=true");
        }

        return new(role, new ClusterNetwork(id, redis, certificate), endpoint, read.Flag("Cluster:Dashboard", false));
    }

    private static ConfigurationOptions? ReadRedis(OptionReader read)
    {
        var password = read.Text("Cluster:RedisPassword");
        var tls = read.Flag("Cluster:RedisTls", false);
        var addresses = read.List("Cluster:Redis");
        if (addresses.Count == 0) return null;
        var redis = new ConfigurationOptions { Password = password, Ssl = tls, ClientName = "interactions" };
        foreach (var address in addresses)
        {
            if (RedisAddress.Parse(address) is { } server && server.Name == server.Server) redis.EndPoints.Add(server.Server);
            else read.Refuse("Cluster:Redis", $"has to be host:port, not {address}");
        }

        return redis.EndPoints.Count > 0 ? redis : null;
    }

    private static ClusterCertificate? ReadCertificate(OptionReader read)
    {
        var password = read.Text("Cluster:CertificatePassword");
        if (read.Text("Cluster:Certificate") is not { } path) return null;
        try
        {
            return ClusterCertificate.Load(path, password);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            read.Refuse("Cluster:Certificate", $"has to be a PEM or PFX file with a certificate and its private key: {failed.Message.ReplaceLineEndings(" ").TrimEnd('.')}");
            return null;
        }
    }

    private static SiloEndpoint ReadEndpoint(OptionReader read)
    {
        var address = IPAddress.Loopback;
        if (read.Text("Cluster:Address") is { } text)
        {
            if (TextAddress.TryParse(text, out var parsed) && !parsed.Equals(IPAddress.Any) && !parsed.Equals(IPAddress.IPv6Any)) address = parsed;
            else read.Refuse("Cluster:Address", $"has to be an IP address where other processes reach this one, not {text}");
        }

        var siloPort = read.Whole("Cluster:SiloPort", DefaultSiloPort, 1, ushort.MaxValue);
        var gatewayPort = read.Whole("Cluster:GatewayPort", DefaultGatewayPort, 1, ushort.MaxValue);
        if (siloPort == gatewayPort) read.Refuse("Cluster:GatewayPort", "has to be another port than Cluster:SiloPort");
        return new(address, siloPort, gatewayPort);
    }
}

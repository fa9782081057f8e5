namespace Interactions.Silo.Streams;

/// <summary>What is stored was decided by rules that are not known here: a silo of a later version has to serve the stream.</summary>
/// <param name="version">The rules that have to be known.</param>
/// <param name="newest">The newest that are.</param>
internal sealed class LaterRulesException(byte version, byte newest) : Exception($"Written by a later version: by rules {version}; the newest known here are {newest}.")
{
    public byte Version => version;
}

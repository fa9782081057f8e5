namespace Interactions.Frontend.Settings;

/// <summary>What may be done without a token (<c>Auth:Anonymous</c>).</summary>
internal enum AnonymousAccess : byte
{
    Watch,
    None,
}

namespace Interactions.Frontend.Fanout;

/// <summary>Something for the <see cref="FanoutCrew"/> to do. Must not throw.</summary>
internal interface IFanoutWork
{
    void Work();
}

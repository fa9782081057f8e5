# syntax=docker/dockerfile:1
# docker build -t interactions .
# docker run -p 5080:5080 --read-only --tmpfs /tmp -v interactions:/data -e Auth__Key=… --ulimit nofile=200000 interactions

FROM mcr.microsoft.com/dotnet/sdk:10.0-noble AS build
WORKDIR /source
ENV DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

# Packages are a layer of their own: they are fetched again only when one of these files changes.
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig ./
COPY src/Contracts/Contracts.csproj src/Contracts/
COPY src/Silo/Silo.csproj src/Silo/
COPY src/Frontend/Frontend.csproj src/Frontend/
RUN dotnet restore src/Frontend/Frontend.csproj --use-current-runtime -p:PublishReadyToRun=true

# The page serves the client from wwwroot/client; the project links it in from clients/js.
COPY clients/js/src/ clients/js/src/
COPY src/ src/
RUN dotnet publish src/Frontend/Frontend.csproj -c Release --no-restore --use-current-runtime --self-contained false \
      -o /out -p:UseAppHost=false -p:PublishReadyToRun=true \
 && test -f /out/wwwroot/client/index.js \
 && mkdir /data

# No shell, no package manager; the user is app (1654).
FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled
WORKDIR /app
COPY --from=build /out/ ./
COPY --from=build --chown=1654:1654 /data/ /data/

# The base image's HTTP_PORTS would only be overridden with a warning. Without diagnostics nothing has to be written but /data.
ENV Urls=http://*:5080 \
    ASPNETCORE_HTTP_PORTS= \
    Log__Path=/data \
    Logging__Console__FormatterName=json \
    DOTNET_EnableDiagnostics=0
USER 1654
VOLUME /data
EXPOSE 5080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
  CMD ["dotnet", "Interactions.Frontend.dll", "probe", "http://127.0.0.1:5080/healthz"]
ENTRYPOINT ["dotnet", "Interactions.Frontend.dll"]

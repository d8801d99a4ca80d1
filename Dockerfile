# The commands of online-em in one image: a JRE, the jars, the examples. Runs as a user without rights.
#   docker build -t online-em .
FROM maven:3.9.11-eclipse-temurin-17 AS build
WORKDIR /build
COPY pom.xml ./
COPY .mvn .mvn
COPY benchmarks/pom.xml benchmarks/pom.xml
COPY model-store model-store
COPY stream-app stream-app
RUN --mount=type=cache,target=/build/.m2 \
    mvn -B -ntp -Dmaven.repo.local=/build/.m2 -pl stream-app -am -Dmaven.test.skip=true -Dspotless.check.skip=true package

FROM eclipse-temurin:17.0.16_8-jre
RUN useradd --uid 10001 --home-dir /var/lib/online-em --create-home --shell /usr/sbin/nologin online-em && \
    install -d -o online-em -g online-em /etc/online-em/tls
# what changes seldom comes first: a new version is one small layer
COPY --from=build /build/stream-app/target/lib /opt/online-em/lib
COPY examples /opt/online-em/examples
COPY --from=build /build/stream-app/target/stream-app.jar /opt/online-em/
USER 10001
WORKDIR /var/lib/online-em
VOLUME /var/lib/online-em
EXPOSE 8080
# exec form: SIGTERM reaches the JVM, which finishes its batch, commits and leaves the group
ENTRYPOINT ["java", "-XX:+UseG1GC", "-XX:MaxRAMPercentage=60", "-XX:+ExitOnOutOfMemoryError", \
    "-cp", "/opt/online-em/stream-app.jar:/opt/online-em/lib/*", "io.onlineem.cli.Main"]
CMD ["--help"]

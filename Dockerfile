# docker build -t nephoscope . && docker run --rm -v "$PWD:/data" nephoscope run my-scenario.yaml
FROM debian:12-slim
COPY . /opt/nephoscope
RUN cd /opt/nephoscope && tools/bootstrap.sh && rm -rf /var/lib/apt/lists/* && \
    cmake --preset release -DNEPHOSCOPE_UNITY=ON && cmake --build --preset release --target nephoscope
WORKDIR /data
ENTRYPOINT ["/opt/nephoscope/build/release/nephoscope"]

# SPDX-License-Identifier: GPL-2.0-only

$(eval $(call module,sie,sie/kernel))
$(BUILD)/modules/sie.ko: sie/sie.h
